/** What a TLS connection is made with, as node:tls names it; PEM. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  /** Default: true. False takes any server for the right one. */
  readonly rejectUnauthorized?: boolean;
}

/** What a request proves its right with. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

/** Where an API server is and how to be let in. */
export interface Connection {
  /** Its URL, with `http` or `https`; a path in it is put before every other. */
  readonly server: string;
  /** The namespace of the context, or of the pod. */
  readonly namespace: string;
  /** The credentials now; read again by the client about every half minute and after a 401. */
  credentials(): Promise<Credentials>;
}
