import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NetworkPolicy, PortProtocol } from '../../operator/api/index.ts';
import { type GoToolsOptions, goTools } from './go-tools.ts';

/** Where a connection begins or ends; without a namespace it is outside of the cluster. */
export interface EvaluatedPeer {
  readonly ip: string;
  readonly namespace?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** NetworkPolicies, and connections: from every one of `from` to every one of `to` at every one of `ports`. */
export interface EvaluatedCase {
  readonly policies: readonly NetworkPolicy[];
  readonly from: readonly EvaluatedPeer[];
  readonly to: readonly EvaluatedPeer[];
  readonly ports: readonly { readonly number: number; readonly protocol: PortProtocol }[];
}

/** Whether NetworkPolicies let a connection in, by places in the lists of the case. */
export type Evaluation = (from: number, to: number, port: number) => boolean;

const FOLDER = join(import.meta.dirname, 'network-policies');

/**
 * What NetworkPolicies let in, said by cyclonus, which shares nothing with what generates them. It is built into the cache
 * where it is not there yet: a minute or two, once for each version.
 */
export async function evaluateNetworkPolicies(
  cases: readonly EvaluatedCase[],
  options: GoToolsOptions = {},
): Promise<readonly Evaluation[]> {
  const child = spawn(await evaluatorBinary(options), { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  child.stdin.end(JSON.stringify(cases));
  const output = await text(child.stdout);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the evaluator ended with ${code}`);
  const verdicts = JSON.parse(output) as readonly string[];
  return cases.map(({ to, ports }, index) => (from, at, port) => {
    return verdicts[index]?.[(from * to.length + at) * ports.length + port] === '1';
  });
}

/** Path of the evaluator. Throws ToolUnavailableError when Go is missing or the build fails. */
export async function evaluatorBinary(options: GoToolsOptions = {}): Promise<string> {
  const program = await readFile(join(FOLDER, 'main.go'));
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 8);
  const tool = {
    package: 'dot-kube.io/test/tools/network-policies',
    module: 'github.com/mattfenwick/cyclonus',
    product: `network-policies-${hash}`,
  };
  return (await goTools(FOLDER, { evaluator: tool }, options)).evaluator;
}
