import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseXdsload, type XdsloadFigures } from './xdsload-output.ts';
import type { Say } from './say.ts';

/** One run of the load program. */
export interface XdsloadOptions {
  readonly program: string;
  readonly kubeconfig: string;
  readonly services: number;
  readonly endpoints: number;
  readonly clients: number;
  readonly rounds: number;
  /** How many Services change at once; 0: that is not measured. */
  readonly churn: number;
  readonly lazy: boolean;
  /** Between two changes, milliseconds. */
  readonly gapMs: number;
  /** Default: routes are edited too. */
  readonly routes?: boolean;
  /** Where the control plane is, who the clients are and what a route is to it. */
  readonly target: { readonly pid: number; readonly flags: readonly string[] };
  readonly say: Say;
  readonly signal: AbortSignal;
}

/** So long after the last message the initial sync is over, and the memory of both is looked at. */
const SETTLE_MS = 6000;

/** Runs xdsload against a control plane, telling each line as it comes. The objects are there already. */
export async function runXdsload(options: XdsloadOptions): Promise<XdsloadFigures> {
  const { target, churn } = options;
  const flags = [
    ...sizeFlags(options),
    '-no-setup',
    `-n=${options.clients}`,
    `-rounds=${options.rounds}`,
    `-churn=${churn}`,
    `-gap=${options.gapMs}ms`,
    `-settle=${SETTLE_MS}ms`,
    `-lazy=${options.lazy}`,
    `-route=${options.routes ?? true}`,
    `-pid=${target.pid}`,
    ...target.flags,
  ];
  return parseXdsload(await run(options, flags), churn);
}

/** Creates the Services and their endpoints, and no client. */
export async function setUpServices(
  options: Pick<XdsloadOptions, 'program' | 'kubeconfig' | 'services' | 'endpoints' | 'say' | 'signal'>,
): Promise<void> {
  await run(options, [...sizeFlags(options), '-setup-only']);
}

function sizeFlags({ kubeconfig, services, endpoints }: Pick<XdsloadOptions, 'kubeconfig' | 'services' | 'endpoints'>) {
  return [`-kubeconfig=${kubeconfig}`, `-services=${services}`, `-endpoints=${endpoints}`];
}

async function run(
  { program, say, signal }: Pick<XdsloadOptions, 'program' | 'say' | 'signal'>,
  flags: readonly string[],
) {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const output: string[] = [];
  const complaints: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    output.push(line);
    say(`  ${line}`);
  });
  createInterface(child.stderr).on('line', (line) => {
    complaints.push(line);
    if (complaints.length < 20) say(`  ${line}`);
  });
  const heartbeat = setInterval(() => say('  …'), 15_000);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(heartbeat));
  if (exitCode !== 0) throw new Error(`xdsload ended with ${exitCode}:\n${complaints.slice(-10).join('\n')}`);
  return output.join('\n');
}
