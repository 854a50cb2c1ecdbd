import { rename, writeFile } from 'node:fs/promises';
import type { Logger } from '../framework/log.ts';
import type { CertificateAuthority } from './certificate-authority.ts';

/** Writes the trust bundle (PEM) to a file, now and whenever it changes; whoever reads it finds the whole of one. */
export async function keepTrustBundleFile(
  path: string,
  authority: Pick<CertificateAuthority, 'trustBundle' | 'onChange'>,
  log: Logger,
): Promise<void> {
  let turn = write(path, authority.trustBundle.pem);
  authority.onChange(({ pem }) => {
    turn = turn
      .then(() => write(path, pem))
      .catch((error: unknown) => log.error('the trust bundle could not be written', { path, error }));
  });
  await turn;
}

async function write(path: string, pem: string): Promise<void> {
  await writeFile(`${path}.new`, pem);
  await rename(`${path}.new`, path);
}
