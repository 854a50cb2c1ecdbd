import { LEASE, SYSTEM_NAMESPACE } from '../system/names.ts';
import { CLUSTER_RULES, type Rule, systemRules } from '../system/permissions.ts';

/** All that the operator may do, as a page of Markdown. */
export function permissionsPage(): string {
  return `# What the operator may do

Made from \`cdk8s/system/permissions.ts\`. A test holds this table against what the API server says of the operator's token, and against what
the operator asks of the API server while it works: everything that is not here is denied.

| namespaces | group | resources | names | verbs | why |
|---|---|---|---|---|---|
${[...rowsOf('all', CLUSTER_RULES), ...rowsOf(SYSTEM_NAMESPACE, systemRules(LEASE))].join('\n')}
`;
}

function rowsOf(namespaces: string, rules: readonly Rule[]): readonly string[] {
  return rules.map(({ apiGroups, resources, resourceNames, verbs, why }) => {
    const groups = apiGroups.map((group) => (group === '' ? 'core' : group));
    const cells = [[namespaces], groups, resources, resourceNames ?? ['all'], verbs];
    return `| ${cells.map((cell) => cell.join(', ')).join(' | ')} | ${why} |`;
  });
}
