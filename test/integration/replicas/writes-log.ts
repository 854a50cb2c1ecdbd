import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesObject } from '../../../operator/framework/index.ts';

/** One change of an object, as the API server's audit log has it. */
export interface Write {
  /** The replica that asked for it: from its user agent, as all replicas are one user. */
  readonly replica: string;
  /** When in the history of all objects. */
  readonly revision: bigint;
  /** `leases/dot-kube-system/dot-kube-operator`, say; with a subresource `trafficsplits/status/…`. */
  readonly what: string;
  /** The object after it. */
  readonly object: KubernetesObject & { readonly spec?: unknown; readonly status?: unknown };
}

/** Flags of an API server that logs what replicas write, and what they wrote so far, in the order in which it took effect. */
export interface WritesLog {
  readonly apiServerArgs: readonly string[];
  writes(): Promise<readonly Write[]>;
}

interface AuditEvent {
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly responseObject?: Write['object'];
}

/** Has an API server keep its log in a folder. */
export async function writesLogIn(directory: string): Promise<WritesLog> {
  const [policy, log] = [join(directory, 'writes-policy.yaml'), join(directory, 'writes.log')];
  const rules = [
    { level: 'None', verbs: ['get', 'list', 'watch'] },
    // Nothing is stored of these.
    { level: 'None', resources: [{ group: 'authentication.k8s.io' }, { group: 'authorization.k8s.io' }] },
    { level: 'RequestResponse' },
  ];
  const stages = { omitStages: ['RequestReceived'], omitManagedFields: true };
  await writeFile(policy, stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', ...stages, rules }));
  return {
    apiServerArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, '--audit-log-mode=blocking'],
    writes: async () => {
      const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
      const writes = lines.flatMap((line) => writeOf(JSON.parse(line) as AuditEvent) ?? []);
      // What changes nothing is answered with the revision of an earlier write.
      const byRevision = Map.groupBy(writes, ({ revision }) => revision);
      return [...byRevision.values()]
        .flatMap(([first]) => first ?? [])
        .sort((a, b) => (a.revision < b.revision ? -1 : 1));
    },
  };
}

function writeOf({ userAgent = '', objectRef, responseStatus, responseObject }: AuditEvent): Write | undefined {
  const [, replica] = /^dot-kube-operator \((.+)\)$/.exec(userAgent) ?? [];
  const { resource, subresource, namespace = '', name = '' } = objectRef ?? {};
  const revision = responseObject?.metadata?.resourceVersion;
  if (replica === undefined || responseObject === undefined || revision === undefined) return undefined;
  if ((responseStatus?.code ?? 500) >= 300) return undefined;
  const what = [resource, ...(subresource === undefined ? [] : [subresource]), namespace, name].join('/');
  return { replica, revision: BigInt(revision), what, object: responseObject };
}
