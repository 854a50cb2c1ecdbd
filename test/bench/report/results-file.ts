/** A section of RESULTS.md. */
export interface Section {
  /** Of the part and its size; unique in the file. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

const HEAD = `# What the bench measured

Written by \`npm run bench\`; each section by the last run of its part, on the machine and of the commit that it names. How it is
measured, and what the profile means, is in the [README](README.md).
`;

const begin = (id: string): string => `<!-- begin ${id} -->`;
const end = (id: string): string => `<!-- end ${id} -->`;

/** The file with these sections in place of those of the same id; all others stay. `order`: ids as they are to stand. Pure. */
export function withSections(file: string, sections: readonly Section[], order: readonly string[]): string {
  const known = new Map(sectionsOf(file));
  for (const { id, title, body } of sections) known.set(id, `## ${title}\n\n${body.trim()}`);
  const place = (id: string): number => {
    const index = order.indexOf(id);
    return index < 0 ? order.length : index;
  };
  const sorted = [...known].toSorted(([a], [b]) => place(a) - place(b));
  return [HEAD, ...sorted.map(([id, text]) => `${begin(id)}\n${text}\n${end(id)}\n`)].join('\n');
}

function sectionsOf(file: string): readonly (readonly [string, string])[] {
  const found = file.matchAll(/^<!-- begin (\S+) -->\n([\s\S]*?)\n<!-- end \1 -->$/gm);
  return [...found].map(([, id = '', text = '']) => [id, text]);
}
