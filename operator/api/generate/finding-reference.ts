import { definitionOf, FINDING_CODES, type FindingCode, type FindingEffect } from '../../findings/index.ts';
import { type CustomResource, walkSchema } from './custom-resource.ts';
import { escapedMarkdown } from './markdown.ts';

const INTRODUCTION = `# Findings

What can be wrong with an object has a code. The same finding is told with the same code everywhere: by the API server (for what its schema
and its rules refuse), by \`dotkube validate\`, in the conditions of the object's status, in events and in logs. Codes are stable.

DK10xx are refused by the schema and DK11xx – DK14xx by a rule of the CustomResourceDefinition: such an object is not stored at all. DK20xx – DK23xx
need the objects around it to be seen, and are in the status. DK30xx come from the proxies. DK40xx stop
a pod that is to get its proxy, and DK41xx tell of one that has none, or another than new pods get. DK50xx are about the certificates of
the mesh, and are in the log of the operator.

This page is made from the registry in this folder by \`npm run generate\`. A new code is one entry there and one bad example in
\`test/golden/findings\`.
`;

const EFFECTS: Readonly<Record<FindingEffect, string>> = {
  unstored: 'The API server does not take the object.',
  refused: 'The condition Accepted is False, with the reason Invalid: what is named has no effect.',
  conflicted: 'The condition Accepted is False, with the reason Conflicted: what the older object says holds.',
  unresolved: 'The condition ResolvedRefs is False, until what it names is there.',
  rejected: 'The condition Programmed is False, with the reason RejectedByProxy.',
  noted: 'Nothing is stopped; the message is in the status, and of a Service in an event.',
};

const LOGGED = 'Nothing is stopped; it is in the log of the operator, and a metric tells of it.';

/** The page of every code, for `operator/findings/README.md`. `exampleOf` gives the YAML of a code's bad example. */
export function generateFindingReference(
  resources: readonly CustomResource[],
  exampleOf: (code: FindingCode) => string,
): string {
  const rules = ruleMessages(resources);
  const rows = FINDING_CODES.map(
    (code) => `| [${code}](#${anchor(code)}) | ${definitionOf(code).title} | ${definitionOf(code).level} |`,
  );
  const table = ['| Code | Title | Level |', '|---|---|---|', ...rows].join('\n');
  const sections = FINDING_CODES.map((code) => section(code, rules.get(code) ?? [], exampleOf(code)));
  return [INTRODUCTION, `${table}\n`, ...sections].join('\n');
}

function section(code: FindingCode, rules: readonly string[], example: string): string {
  const { title, level, effect, message, fix } = definitionOf(code);
  const messages = rules.length === 0 ? [message] : rules;
  return [
    `## ${code} ${title}\n`,
    `${messages.map((text) => `> ${escapedMarkdown(text)}`).join('\n>\n')}\n`,
    `${capitalized(level)}. ${code.startsWith('DK5') ? LOGGED : EFFECTS[effect]}\n`,
    `What to do: ${escapedMarkdown(fix)}.\n`,
    `\`\`\`yaml\n${example.trim()}\n\`\`\`\n`,
  ].join('\n');
}

/** The messages of the rules by code, each once. */
function ruleMessages(resources: readonly CustomResource[]): ReadonlyMap<string, readonly string[]> {
  const messages = new Map<string, Set<string>>();
  for (const { schema } of resources) {
    walkSchema(schema, ({ 'x-kubernetes-validations': rules = [] }) => {
      for (const { message } of rules) {
        const [, text = '', code = ''] = /^(.*) \((DK\d+)\)$/.exec(message) ?? [];
        messages.set(code, (messages.get(code) ?? new Set()).add(text));
      }
    });
  }
  return new Map([...messages].map(([code, texts]) => [code, [...texts].sort()]));
}

/** As GitHub makes anchors of headings. */
function anchor(code: FindingCode): string {
  return `${code}-${definitionOf(code).title}`.toLowerCase();
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
