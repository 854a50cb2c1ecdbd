import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** A place in the sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Expressions that are put together when the program starts, of constants: by file, what their constructor is given. */
const CONSTANT: Readonly<Record<string, string>> = {
  'operator/webhooks/injection/pod-findings.ts': 'PROBE_PATH_PATTERN',
};

/** Where what tenants write is read. Tools and tests read nobody's. */
async function* sources(): AsyncGenerator<readonly [file: string, text: string]> {
  for (const folder of ['operator', 'proxy']) {
    for await (const found of glob(`${folder}/**/*.ts`, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })) {
      const isOurs = !/\.test\.ts$|\.d\.ts$|\/testing\/|\/generate\/|\/cli\/demo\//.test(found);
      if (isOurs) yield [found, await readFile(join(ROOT, found), 'utf8')];
    }
  }
}

/**
 * Expressions that are made of a value: `RegExp(…)` of anything but a literal, and `match`, `matchAll` and `search` with anything but an
 * expression, which make one of what they are given.
 */
export async function expressionsOfValues(): Promise<readonly Place[]> {
  const places: Place[] = [];
  for await (const [file, text] of sources()) {
    for (const [index, line] of text.split('\n').entries()) {
      if (isOfValue(line) && !isConstant(file, line)) places.push({ file, line: index + 1, text: line.trim() });
    }
  }
  return places;
}

/** Exported for its test. */
export function isOfValue(line: string): boolean {
  const made = /\bRegExp\((?!\)|\/|"(?:[^"\\]|\\.)*"\s*[,)]|'(?:[^'\\]|\\.)*'\s*[,)])/.test(line);
  const given = /\.(?:match|matchAll|search)\((?!\/|\))/.test(line);
  const isComment = /^\s*(?:\*|\/[/*])/.test(line);
  return !isComment && (made || (given && !/\b(?:assert|router|matcher|cache|URL)\b|^\s*\.search/.test(line)));
}

function isConstant(file: string, line: string): boolean {
  const name = CONSTANT[file];
  return name !== undefined && line.includes(`RegExp(${name})`);
}

const LITERAL =
  /(?<=[(,=:!&|?[{};\s])\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[\s.,;:)\]}])/g;
const CONSTRUCTED = /\bRegExp\(("(?:[^"\\]|\\.)*")(?:, "([a-z]*)")?\)/g;

/** Every expression that stands in the sources. */
export async function expressionsInSources(): Promise<ReadonlyMap<string, RegExp>> {
  const found = new Map<string, RegExp>();
  const add = (file: string, body: string, flags: string): void => {
    try {
      found.set(`/${body}/${flags} of ${file}`, new RegExp(body, flags.replaceAll(/[gy]/g, '')));
    } catch {
      // A division, say.
    }
  };
  for await (const [file, text] of sources()) {
    for (const [, body = '', flags = ''] of text.matchAll(LITERAL)) add(file, body, flags);
    for (const [, body = '', flags = ''] of text.matchAll(CONSTRUCTED)) add(file, JSON.parse(body) as string, flags);
  }
  return found;
}

/** What is repeated: characters that classes and separators are made of. */
const REPEATED = [
  'a',
  'A',
  '0',
  '-',
  '.',
  '/',
  ',',
  '%',
  '=',
  ' ',
  '\t',
  ':',
  '*',
  '{',
  '\\',
  '"',
  '_',
  'a-',
  'a.',
  '/a',
  '/a/',
  '0m',
  'a=',
  '{*}/',
  '%a',
  '[a',
  '\n',
  '::',
  '1.',
  'a,',
  '-----BEGIN CERTIFICATE-----',
];

/** Twice: something else may have kept this process from running. */
const LENGTH = 50_000;
const LIMIT_MS = 1000;

/** Whether an expression takes longer than linear time over any of these texts. */
export function isSlow(expression: RegExp): string | undefined {
  const sandbox: { expression: RegExp; text: string } = { expression, text: '' };
  const context = createContext(sandbox);
  const script = new Script('expression.test(text)');
  for (const piece of REPEATED) {
    for (const start of ['', '/', 'a', 'spiffe://']) {
      sandbox.text = `${start}${piece.repeat(Math.ceil(LENGTH / piece.length))}\0`;
      if (!ends(script, context) && !ends(script, context)) {
        return `${JSON.stringify(start + piece)} again and again`;
      }
    }
  }
  return undefined;
}

function ends(script: Script, context: object): boolean {
  try {
    script.runInContext(context, { timeout: LIMIT_MS });
    return true;
  } catch {
    return false;
  }
}
