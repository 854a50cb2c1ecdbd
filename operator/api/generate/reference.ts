import type { StructuralSchema } from '../structural-schema.ts';
import { type CustomResource, walkSchema } from './custom-resource.ts';
import { typeWords } from './field-words.ts';
import { escapedMarkdown } from './markdown.ts';

const INTRODUCTION = `# The three kinds

The CustomResourceDefinitions in this folder are written by hand and are the source of truth: \`kubectl apply --server-side -f crds/\`
installs them, and the TypeScript types, the validators and this page are made from them by \`npm run generate\`. All kinds are in the
group \`mesh.dot-kube.io\`, version \`v1alpha1\`, and in the category \`mesh\`: \`kubectl get mesh -A\` lists them all.

A policy applies to the Services of \`targetRefs\`, to the pods of \`selector\`, or with neither to its namespace; in the namespace
\`dot-kube-system\`, to the whole mesh. Durations are written like \`1h\`, \`10s\`, \`1m30s\` or \`250ms\`. What is refused carries a code:
[the list](../operator/findings/README.md) says what to do about each. \`dotkube validate FILES\` says offline what the API server would say.
`;

/** The reference of every field, for `crds/README.md`. `exampleOf` gives the YAML of a kind's example. */
export function generateReference(
  resources: readonly CustomResource[],
  exampleOf: (resource: CustomResource) => string,
): string {
  return [INTRODUCTION, ...resources.map((resource) => kindReference(resource, exampleOf(resource)))].join('\n');
}

function kindReference(resource: CustomResource, example: string): string {
  const { kind, schema, shortNames, plural, columns } = resource;
  const description = (schema.description ?? '').trim();
  const names = [plural, ...shortNames].map((name) => `\`kubectl get ${name}\``).join(' or ');
  const columnRows = columns
    .filter(({ description: text }) => text !== undefined)
    .map((column) => `| ${column.name}${column.priority === 1 ? ' (with `-o wide`)' : ''} | ${column.description} |`);
  return [
    `## ${kind}\n`,
    `${description}\n`,
    `${names} shows:\n`,
    ['| Column | |', '|---|---|', ...columnRows].join('\n'),
    '\n### Fields\n',
    ['| Field | Takes | |', '|---|---|---|', ...fieldRows(schema)].join('\n'),
    '\n### Example\n',
    `\`\`\`yaml\n${example.trim()}\n\`\`\`\n`,
  ].join('\n');
}

function fieldRows(schema: StructuralSchema): readonly string[] {
  const rows: string[] = [];
  const required = new Set<string>();
  walkSchema(schema, (field, path) => {
    for (const name of field.required ?? []) required.add(path === '' ? name : `${path}.${name}`);
    if (!/^(?:spec|status)\b/.test(path)) return;
    const marker = required.has(path) ? ' (required)' : '';
    rows.push(`| \`${path}\`${marker} | ${typeWords(field)} | ${cell(field.description ?? '')} |`);
  });
  return rows;
}

function cell(text: string): string {
  return escapedMarkdown(text).replaceAll('|', String.raw`\|`);
}
