import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/index.ts';

/** One verb on one resource, somewhere, as a text that can be compared: `all core/pods * list`. */
export type Permission = string;

/** What {@link permission} is made of. */
export interface PermissionParts {
  /** A namespace, or `all`. */
  readonly namespaces: string;
  readonly group: string;
  /** With its subresource, if it is one: `pods/log`. */
  readonly resource: string;
  /** Default: every name. */
  readonly name?: string;
  readonly verb: string;
}

/** The text of a permission. */
export function permission({ namespaces, group, resource, name = '*', verb }: PermissionParts): Permission {
  return `${namespaces} ${group === '' ? 'core' : group}/${resource} ${name} ${verb}`;
}

/**
 * What the tables that are committed say: `cdk8s/golden/permissions.md`, the first one, and with a webhook the second one too; or
 * the third one, of the CNI agent, or the fourth one, of the standby.
 */
export function committedPermissions(of: 'Policy' | 'Webhook' | 'cni' | 'standby' = 'Policy'): readonly Permission[] {
  const page = readFileSync(join(ROOT, 'cdk8s/golden/permissions.md'), 'utf8');
  const [first = '', webhook = '', cni = '', standby = ''] = page.split('\n## ');
  const tables = { Policy: first, Webhook: `${first}\n${webhook}`, cni, standby }[of];
  const rows = tables.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| namespaces'));
  return rows
    .flatMap((row) => {
      const [namespaces = [], groups = [], resources = [], names = [], verbs = []] = row
        .split('|')
        .slice(1)
        .map((cell) => cell.trim().split(', '));
      return product(namespaces, groups, resources, names, verbs);
    })
    .toSorted();
}

/** One rule as the API server has it, permission by permission. */
export function permissionsOf(
  namespaces: string,
  rule: {
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  },
): readonly Permission[] {
  const { apiGroups = [], resources = [], resourceNames = [], verbs } = rule;
  const names = resourceNames.length === 0 ? ['all'] : resourceNames;
  return product([namespaces], apiGroups, resources, names, verbs);
}

function product(
  namespaces: readonly string[],
  groups: readonly string[],
  resources: readonly string[],
  names: readonly string[],
  verbs: readonly string[],
): readonly Permission[] {
  return namespaces.flatMap((namespace) =>
    groups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.flatMap((name) =>
          verbs.map((verb) =>
            permission({ namespaces: namespace, group, resource, ...(name === 'all' ? {} : { name }), verb }),
          ),
        ),
      ),
    ),
  );
}
