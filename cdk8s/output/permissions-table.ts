import { CNI, CNI_NAMESPACE, LEASE, STANDBY, SYSTEM_NAMESPACE } from '../system/names.ts';
import {
  clusterRules,
  cniClusterRules,
  cniRules,
  type Rule,
  standbyClusterRules,
  systemRules,
  WEBHOOK_RULES,
} from '../system/permissions.ts';
import { DEFAULT_VALUES } from '../system/values/values.ts';

const HEAD = `| namespaces | group | resources | names | verbs | why |
|---|---|---|---|---|---|`;

/** All that the operator may do, as a page of Markdown. */
export function permissionsPage(): string {
  const everywhere = rowsOf('all', clusterRules(DEFAULT_VALUES));
  const inItsOwn = rowsOf(SYSTEM_NAMESPACE, systemRules(LEASE, DEFAULT_VALUES));
  return `# What the operator may do

Made from \`cdk8s/system/permissions.ts\`. A test holds these tables against what the API server says of the operator's token, and against what
the operator asks of the API server while it works: everything that is not here is denied.

${HEAD}
${[...everywhere, ...inItsOwn].join('\n')}

## Beside, where injection is by a webhook

${HEAD}
${rowsOf('all', WEBHOOK_RULES).join('\n')}

## The agent of the CNI plugin, where proxy.capture is cni

As the account \`${CNI}\` of the namespace \`${CNI_NAMESPACE}\`, and nothing else:

${HEAD}
${[...rowsOf('all', cniClusterRules()), ...rowsOf(CNI_NAMESPACE, cniRules(CNI, CNI_NAMESPACE))].join('\n')}

## The standby, where standby.enabled is set

As the account \`${STANDBY}\`, and nothing else; beside it the keys of service account tokens, which the API server publishes to all service accounts.

${HEAD}
${rowsOf('all', standbyClusterRules()).join('\n')}

## Beside

Where injection is off, the ConfigMaps are not among them. With \`certificateAuthority.source: Secret\` the Secret of the root is not written.
`;
}

function rowsOf(namespaces: string, rules: readonly Rule[]): readonly string[] {
  return rules.map(({ apiGroups, resources, resourceNames, verbs, why }) => {
    const groups = apiGroups.map((group) => (group === '' ? 'core' : group));
    const cells = [[namespaces], groups, resources, resourceNames ?? ['all'], verbs];
    return `| ${cells.map((cell) => cell.join(', ')).join(' | ')} | ${why} |`;
  });
}
