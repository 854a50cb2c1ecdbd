import { type CustomResource, kebabCase } from './custom-resource.ts';
import { docstring, GENERATED, type SharedDeclaration, sharedText, TypePrinter } from './type-printer.ts';

const FRAMEWORK = '../../framework';

/** TypeScript declarations of what is shared, and of each kind: file name (without folder) → content. */
export function generateTypes(resources: readonly CustomResource[]): ReadonlyMap<string, string> {
  const shared = new Map<string, SharedDeclaration>();
  const files = new Map<string, string>();
  for (const resource of resources) {
    const printer = new TypePrinter(resource.kind, 'spec', shared);
    printer.declare(resource.schema.properties?.['spec'] ?? {}, 'spec');
    printer.typeOf(resource.schema.properties?.['status'] ?? {}, 'status');
    files.set(`${kebabCase(resource.kind)}.ts`, kindFile(resource, printer));
  }
  files.set(
    'shared.ts',
    `${GENERATED}import type { Condition } from '${FRAMEWORK}/status/conditions.ts';\n\n${sharedText(shared)}`,
  );
  const modules = ['shared', ...resources.map((resource) => kebabCase(resource.kind))];
  files.set('index.ts', GENERATED + modules.map((name) => `export * from './${name}.ts';\n`).join(''));
  return files;
}

function kindFile(resource: CustomResource, printer: TypePrinter): string {
  const { kind, group, version, plural } = resource;
  const apiVersion = `${group}/${version}`;
  const shared = ['MeshStatus', ...printer.sharedUsed].sort();
  return [
    GENERATED,
    `import type { KubernetesObject } from '${FRAMEWORK}/api/object.ts';\n`,
    `import { resourceKind } from '${FRAMEWORK}/api/resource-kind.ts';\n`,
    `import type { ${[...new Set(shared)].join(', ')} } from './shared.ts';\n\n`,
    docstring(resource.schema, ''),
    `export interface ${kind} extends KubernetesObject {\n`,
    `  readonly apiVersion: '${apiVersion}';\n  readonly kind: '${kind}';\n`,
    `  readonly spec: ${kind}Spec;\n  readonly status?: MeshStatus;\n}\n\n`,
    `/** The kind ${kind}. */\n`,
    `export const ${kebabCase(kind, '_').toUpperCase()} = resourceKind<${kind}>('${apiVersion}', '${kind}', { plural: '${plural}' });\n\n`,
    printer.declarations.join('\n'),
  ].join('');
}
