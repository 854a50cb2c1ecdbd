import { join } from 'node:path';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { UsageError } from './usage-error.ts';

const MODULE = 'sigs.k8s.io/gateway-api';

/** The path of the HTTPRoute's CRD, of the published Go module whose version the go.mod beside this folder pins. */
export async function httpRouteCrd(): Promise<string> {
  const { exitCode, stdout, tail } = await runCommand('go', ['mod', 'download', '-json', MODULE], {
    cwd: join(import.meta.dirname, '..', 'gateway-api'),
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' },
  });
  if (exitCode !== 0)
    throw new UsageError(`the Go module ${MODULE} cannot be had, which has the HTTPRoute's CRD:\n${tail}`);
  const { Dir: folder } = JSON.parse(stdout) as { readonly Dir: string };
  return join(folder, 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml');
}
