/** What the fleet's process is told. */
export type FleetCommand =
  | { readonly kind: 'connect'; readonly port: number; readonly proxies: readonly FleetProxy[]; readonly calls: number }
  | { readonly kind: 'report' };

/** One proxy of the fleet. */
export interface FleetProxy {
  readonly nodeId: string;
  readonly token: string;
}

/** How the fleet stands. Times are milliseconds since the epoch; 0: never. */
export interface FleetReport {
  readonly proxies: number;
  /** Streams that the server let in and that are open. */
  readonly open: number;
  /** Times a stream was lost. */
  readonly losses: number;
  readonly responses: number;
  readonly resources: number;
  readonly bytes: number;
  /** Bytes by the last part of the type's name. */
  readonly bytesByType: Readonly<Record<string, number>>;
  readonly lastAdmittedAt: number;
  readonly lastResponseAt: number;
}
