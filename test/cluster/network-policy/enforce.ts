import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { NAMESPACE, NETWORK_POLICY, NODE, POD } from '../../../operator/api/index.ts';
import { HttpApi, kubeconfigConnection } from '../../../operator/framework/index.ts';
import { evaluateNetworkPolicies } from '../../tools/network-policy-evaluator.ts';
import { networkCase, networkRules, type NetworkState, TABLE } from './network-rules.ts';

/** What to enforce, and where. */
export interface EnforceOptions {
  /** Path of a kubeconfig that reads pods, namespaces, nodes and NetworkPolicies. */
  readonly kubeconfig: string;
  /** Addresses beside those of nodes that may reach pods, as the API server's. */
  readonly outside: readonly string[];
  /** Told after each change of the rules. */
  readonly onEnforced?: () => void;
}

const INTERVAL_MS = 500;

/**
 * Enforces the NetworkPolicies of a cluster upon what this network namespace forwards, until `signal` says so, and then takes its rules away.
 * What they let in is said by cyclonus. Ingress alone, IPv4, ports by number; open connections stay; what is not a pod, a node or in
 * `outside` reaches no pod that a policy selects. Throws when the API or nft fails: what was enforced last stays enforced then.
 */
export async function enforce(options: EnforceOptions, signal: AbortSignal): Promise<void> {
  const api = new HttpApi(await kubeconfigConnection({ path: options.kubeconfig }));
  try {
    let last = '';
    while (!signal.aborted) {
      const asked = networkCase(await read(api, options.outside));
      const key = JSON.stringify(asked);
      if (key !== last) {
        const [evaluation] = await evaluateNetworkPolicies([asked]);
        if (evaluation === undefined) throw new Error('the evaluator said nothing');
        await nft(networkRules(asked, evaluation));
        last = key;
        options.onEnforced?.();
      }
      await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
    await nft(`add table ip ${TABLE}\ndelete table ip ${TABLE}\n`);
  } finally {
    api.close();
  }
}

async function read(api: HttpApi, outside: readonly string[]): Promise<NetworkState> {
  const [pods, namespaces, policies, nodes] = await Promise.all([
    api.list(POD),
    api.list(NAMESPACE),
    api.list(NETWORK_POLICY),
    api.list(NODE),
  ]);
  const addresses = nodes.items.flatMap(({ status }) => addressesOf(status));
  return {
    pods: pods.items,
    namespaces: namespaces.items,
    policies: policies.items,
    outside: [...new Set([...outside, ...addresses])].toSorted(),
  };
}

function addressesOf(status: unknown): readonly string[] {
  const { addresses = [] } = (status ?? {}) as {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
  return addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
}

async function nft(rules: string): Promise<void> {
  const child = spawn('nft', ['-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  child.stdin.on('error', () => undefined);
  child.stdin.end(rules);
  const said = await text(child.stderr);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`nft takes the rules not:\n${said}`);
}
