import { stringify } from 'yaml';
import type { Field, Fields } from '../../system/values/field.ts';
import { VALUE_FIELDS } from '../../system/values/values.ts';

const WIDTH = 110;

/** `values.yaml`: every value with its default, and what it means above it. */
export function valuesYaml(): string {
  return `# Everything that can be set, with its default.\n\n${yamlOf(VALUE_FIELDS, '')}`;
}

function yamlOf(fields: Fields, indent: string): string {
  return Object.entries(fields)
    .map(([name, field]) => `${comment(field, indent)}${fieldYaml(name, field, indent)}`)
    .join(indent === '' ? '\n' : '');
}

function fieldYaml(name: string, field: Field<unknown>, indent: string): string {
  if (field.fields !== undefined) return `${indent}${name}:\n${yamlOf(field.fields, `${indent}  `)}`;
  const yaml = stringify({ [name]: field.default }, { lineWidth: 0, aliasDuplicateObjects: false });
  return yaml.replaceAll(/^(?=.)/gm, indent);
}

/** The description, and the words to choose from, where there is a choice. */
function comment(field: Field<unknown>, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of `${field.description}${choiceOf(field)}`.split(' ')) {
    if (line !== '' && indent.length + line.length + word.length + 3 > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text) => `${indent}# ${text}\n`).join('');
}

function choiceOf({ schema }: Field<unknown>): string {
  const { enum: allowed } = schema;
  return Array.isArray(allowed) ? ` One of ${allowed.join(', ')}.` : '';
}

/** The values as rows of a Markdown table. */
export function valuesTable(): string {
  return ['| value | default | |', '|---|---|---|', ...rowsOf(VALUE_FIELDS, '')].join('\n');
}

function rowsOf(fields: Fields, prefix: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    if (field.fields !== undefined) {
      return [`| **\`${path}\`** | | ${cell(field.description)} |`, ...rowsOf(field.fields, `${path}.`)];
    }
    return [`| \`${path}\` | \`${defaultText(field)}\` | ${cell(`${field.description}${choiceOf(field)}`)} |`];
  });
}

function defaultText({ default: value }: Field<unknown>): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? 'see values.yaml' : text.replaceAll('|', String.raw`\|`);
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;');
}
