import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A request as the API server's audit log has it. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

/** The audit log of one user's requests. */
export interface AuditLog {
  /** Flags of kube-apiserver. */
  readonly apiServerArgs: readonly string[];
  /** Requests that have been answered so far. */
  events(): Promise<readonly AuditEvent[]>;
}

/** Has an API server log what a user asks for, in a folder. */
export async function auditLogOf(user: string, directory: string): Promise<AuditLog> {
  const policy = join(directory, 'audit-policy.yaml');
  const log = join(directory, 'audit.log');
  await writeFile(
    policy,
    stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
    }),
  );
  return {
    apiServerArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, '--audit-log-mode=blocking'],
    events: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as AuditEvent),
  };
}
