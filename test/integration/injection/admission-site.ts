import { type AdmissionHandler, AdmissionServer } from '../../../operator/framework/index.ts';
import { createTestAuthority, type TestAuthority } from '../../cluster/certificates.ts';

/** Webhooks on a port of loopback, behind a certificate that API servers can verify. */
export interface AdmissionSite extends AsyncDisposable {
  readonly authority: TestAuthority;
  /** Where API servers reach the webhook of a path. */
  url(path: string): string;
  /** Gives the server another certificate of the same authority, which ends the connections of API servers. */
  renewCertificate(): Promise<void>;
}

/** Serves webhooks by path until it is disposed of. */
export async function serveAdmission(routes: Readonly<Record<string, AdmissionHandler>>): Promise<AdmissionSite> {
  const authority = await createTestAuthority();
  const certificate = async () => {
    const { certificate: cert, key } = await authority.server(['webhook'], ['127.0.0.1']);
    return { cert, key };
  };
  const address = { host: '127.0.0.1', port: 0 };
  const server = new AdmissionServer({ address, certificate: await certificate(), routes });
  const stopping = new AbortController();
  const running = server.run(stopping.signal);
  await server.started();
  return {
    authority,
    url: (path) => `https://127.0.0.1:${server.port}${path}`,
    renewCertificate: async () => server.setCertificate(await certificate()),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}
