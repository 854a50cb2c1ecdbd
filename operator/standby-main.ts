import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type PrimaryAddress, snapshotClient } from './controllers/standby/snapshot-client.ts';
import type { Clock, HttpApi, Logger, MetricsRegistry } from './framework/index.ts';
import { ApiTokenReviewer, SignedTokenReviewer, SigningKeys } from './identity/index.ts';
import { Standby } from './standby.ts';
import type { StandbyFlags } from './standby-flags.ts';

/** What the rest of the process gives. */
export interface StandbyProcess {
  readonly flags: StandbyFlags;
  readonly api: HttpApi;
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A review that takes longer is none, milliseconds: a proxy waits for it. */
const REVIEW_MS = 1000;

/** Runs a standby until the signal aborts. */
export async function runStandby(process: StandbyProcess, signal: AbortSignal): Promise<void> {
  const { api, clock, flags, log, metrics } = process;
  const keys = new SigningKeys({ getPath: (path, options) => api.getPath(path, options), clock, log });
  const reviewer = new ApiTokenReviewer({ api, clock, timeoutMs: REVIEW_MS });
  const standby = new Standby({
    api,
    tokens: new SignedTokenReviewer({ reviewer, keys, clock }),
    follow: snapshotClient({
      token: async () => (await readFile(flags.tokenFile, 'utf8')).trim(),
      roots: async () => rootsOf(await readFile(flags.rootsFile, 'utf8')),
    }),
    primaries: () => resolvePrimaries(flags),
    xds: flags.xdsAddress,
    health: flags.healthAddress,
    clock,
    log,
    metrics,
  });
  void keys.start();
  try {
    await standby.run(signal);
  } finally {
    keys.close();
  }
}

/** PEM as it is, or as in the file that proxies have: see `rootsSecret` of the bootstrap. */
function rootsOf(text: string): string {
  if (!text.trimStart().startsWith('{')) return text;
  const { resources } = JSON.parse(text) as {
    readonly resources: readonly { readonly validation_context: { readonly trusted_ca: { inline_string: string } } }[];
  };
  return resources.map(({ validation_context: context }) => context.trusted_ca.inline_string).join('');
}

async function resolvePrimaries({ primaries, primaryName }: StandbyFlags): Promise<readonly PrimaryAddress[]> {
  const found = await Promise.all(
    primaries.map(async ({ host, port }) => {
      const addresses = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
      return addresses.map(({ address }) => ({ host: address, port, serverName: primaryName ?? host }));
    }),
  );
  return found.flat();
}
