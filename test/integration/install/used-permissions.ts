import type { AuditEvent } from './audit-log.ts';
import type { InstallationSite } from './installed-system.ts';
import { type Permission, permission } from './permission.ts';

const SYSTEM = 'dot-kube-system';

/** Where the operator may use a resource in its own namespace alone. */
const OWN: readonly string[] = ['leases', 'secrets'];

/** What the operator did by the API server's audit log, held against a table of what it may. */
export interface Use {
  /** Requests that were refused for want of a right. */
  readonly denied: readonly AuditEvent[];
  /** What it did, in the words of the table where they are there. */
  readonly used: ReadonlySet<Permission>;
}

/** The permissions that the operator has used so far. */
export async function permissionsUsed({ audit }: InstallationSite, table: readonly Permission[]): Promise<Use> {
  const events = await audit.events();
  return {
    denied: events.filter(({ responseStatus }) => responseStatus?.code === 403),
    used: new Set(events.flatMap((event) => permissionsOf(event, table))),
  };
}

function permissionsOf({ verb, objectRef, responseStatus }: AuditEvent, table: readonly Permission[]) {
  if (objectRef === undefined) return [];
  const { apiGroup: group = '', resource = '', subresource, namespace = '', name } = objectRef;
  const what = {
    namespaces: namespace === SYSTEM && OWN.includes(resource) ? SYSTEM : 'all',
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  };
  const ofVerb = (used: string): Permission => {
    const named = permission({ ...what, ...(name === undefined ? {} : { name }), verb: used });
    return table.includes(named) ? named : permission({ ...what, verb: used });
  };
  // A server-side apply that makes an object needs the right to create it.
  const isMade = verb === 'patch' && responseStatus?.code === 201;
  return isMade ? [ofVerb(verb), ofVerb('create')] : [ofVerb(verb)];
}
