import { type CustomResource, kebabCase } from './custom-resource.ts';
import { docstring, GENERATED, type SharedDeclaration, sharedText, TypePrinter } from './type-printer.ts';

/** cdk8s constructs with the types of their specs: file name (without folder) → content. They need nothing of the operator. */
export function generateConstructs(resources: readonly CustomResource[]): ReadonlyMap<string, string> {
  const shared = new Map<string, SharedDeclaration>();
  const files = new Map<string, string>();
  for (const resource of resources) {
    const printer = new TypePrinter(resource.kind, 'spec', shared);
    printer.declare(resource.schema.properties?.['spec'] ?? {}, 'spec');
    files.set(`${kebabCase(resource.kind)}.ts`, constructFile(resource, printer));
  }
  files.set('shared.ts', `${GENERATED}\n${sharedText(shared)}`);
  return files;
}

function constructFile({ kind, group, version, schema }: CustomResource, printer: TypePrinter): string {
  return [
    GENERATED,
    "import { ApiObject, type ApiObjectMetadata, type GroupVersionKind } from 'cdk8s';\n",
    "import type { Construct } from 'constructs';\n",
    `import type { ${[...printer.sharedUsed].sort().join(', ')} } from './shared.ts';\n\n`,
    `/** What the construct ${kind} is made from. */\n`,
    `export interface ${kind}Props {\n`,
    "  /** Name, namespace, labels and annotations. Without a name, one is made from the construct's path. */\n",
    `  readonly metadata?: ApiObjectMetadata;\n  readonly spec: ${kind}Spec;\n}\n\n`,
    docstring(schema, ''),
    `export class ${kind} extends ApiObject {\n`,
    `  static readonly GVK: GroupVersionKind = { apiVersion: '${group}/${version}', kind: '${kind}' };\n\n`,
    `  constructor(scope: Construct, id: string, props: ${kind}Props) {\n`,
    `    super(scope, id, { ...${kind}.GVK, ...props });\n  }\n}\n\n`,
    printer.declarations.join('\n'),
  ].join('');
}
