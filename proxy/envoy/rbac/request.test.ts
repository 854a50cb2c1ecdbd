import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PathMatch, StringMatch } from '../../model/index.ts';
import type { Breadth } from './breadth.ts';
import type { PrincipalInit } from './principal.ts';
import { requestHeader } from './request-header.ts';
import { requestHost } from './request-host.ts';
import { requestPath } from './request-path.ts';

interface Request {
  readonly path?: string;
  /** The lines of the header that is looked at. */
  readonly lines?: readonly string[];
}

/** As Envoy judges: a header by any of its lines, an expression against the whole. */
function holds(principal: PrincipalInit, request: Request): boolean {
  const { identifier } = principal;
  const all = (ids: unknown): readonly PrincipalInit[] => (ids as { readonly ids: readonly PrincipalInit[] }).ids;
  if (identifier?.case === 'any') return true;
  if (identifier?.case === 'notId') return !holds(identifier.value as PrincipalInit, request);
  if (identifier?.case === 'andIds') return all(identifier.value).every((id) => holds(id, request));
  if (identifier?.case === 'orIds') return all(identifier.value).some((id) => holds(id, request));
  if (identifier?.case === 'urlPath') {
    const { rule } = identifier.value;
    assert.ok(rule?.case === 'path');
    return fits(rule.value.matchPattern, request.path ?? '');
  }
  const { lines = [] } = request;
  return lines.some((line) => isLine(principal, line));
}

function isLine({ identifier }: PrincipalInit, line: string): boolean {
  assert.ok(identifier?.case === 'header');
  const { headerMatchSpecifier: match } = identifier.value;
  if (match?.case === 'presentMatch') return true;
  assert.ok(match?.case === 'stringMatch');
  return fits(match.value.matchPattern, line);
}

function fits(
  pattern: { readonly case?: string | undefined; readonly value?: unknown } | undefined,
  text: string,
): boolean {
  const { case: kind, value } = pattern ?? {};
  if (kind === 'exact') return text === value;
  if (kind === 'prefix') return text.startsWith(String(value));
  if (kind === 'suffix') return text.endsWith(String(value));
  if (kind === 'contains') return text.includes(String(value));
  assert.equal(kind, 'safeRegex');
  const regex = (value as { readonly regex: string }).regex.replaceAll('\\C', '[\\s\\S]');
  // RE2 has flags at the start of an expression.
  return new RegExp(regex.startsWith('(?i)') ? `^(?i:${regex.slice(4)})$` : `^(?:${regex})$`).test(text);
}

const path = (match: PathMatch, breadth: Breadth, ...paths: readonly string[]) =>
  paths.filter((each) => holds(requestPath(match, breadth), { path: each }));
const header = (match: StringMatch, breadth: Breadth, ...lines: readonly string[]) =>
  holds(requestHeader({ name: 'X', match }, breadth), { lines });

test('what refuses a path refuses what some application takes for it', () => {
  const wide = (value: string, kind: 'exact' | 'starts-with' | 'suffix' | 'template', ...paths: readonly string[]) =>
    path({ kind, value }, 'wide', ...paths);
  const same = ['/a', '/a;x', '/a%3bx', '/x/..;/a', '/;y/a', '/x/%c0%ae%c0%ae/a', '/%u0061'];
  assert.deepEqual(wide('/a', 'exact', ...same, '/ab', '/a/', '/A', '/;x', '/x;a'), same);
  assert.deepEqual(wide('/a/b', 'starts-with', '/a;x/b', '/a/bc', '/a/c'), ['/a;x/b', '/a/bc']);
  assert.deepEqual(wide('.php', 'suffix', '/x.php', '/x.php;y', '/xphp'), ['/x.php', '/x.php;y']);
  assert.deepEqual(wide('/{*}/b/{**}', 'template', '/x/b', '/x/b;c', '/x;y/b/c', '/b'), ['/x/b', '/x/b;c', '/x;y/b/c']);
});

test('what lets a path in lets in what every application takes for it', () => {
  const narrow = (value: string, kind: 'starts-with' | 'suffix', ...paths: readonly string[]) =>
    path({ kind, value }, 'narrow', ...paths);
  assert.deepEqual(path({ kind: 'exact', value: '/a' }, 'narrow', '/a', '/a;x'), ['/a']);
  assert.deepEqual(narrow('/a/', 'starts-with', '/a/b', '/a/b;c', '/a/..;/b', '/a/;x/b'), ['/a/b', '/a/b;c']);
  assert.deepEqual(narrow('.css', 'suffix', '/a.css', '/a;b/c.css', '/admin;.css', '/admin%3B.css'), [
    '/a.css',
    '/a;b/c.css',
  ]);
});

test('what may be written encoded is the same either way', () => {
  for (const breadth of ['wide', 'narrow'] as const) {
    const kind = 'exact';
    assert.deepEqual(path({ kind, value: '/a|b@c' }, breadth, '/a|b@c', '/a%7Cb%40c', '/a%7cbc'), [
      '/a|b@c',
      '/a%7Cb%40c',
    ]);
    assert.deepEqual(path({ kind, value: '/%C3%A9' }, breadth, '/%C3%A9', '/%c3%a9', '/%C3'), ['/%C3%A9', '/%c3%a9']);
  }
});

test('a header that comes several times is refused by any line or entry, and let in by all lines', () => {
  const boss: StringMatch = { kind: 'exact', value: 'boss' };
  for (const lines of [['boss'], ['x', 'boss'], ['boss', 'x'], ['x, boss'], ['boss,x'], ['x ,\tboss ,y']]) {
    assert.ok(header(boss, 'wide', ...lines), lines.join('|'));
  }
  for (const lines of [[], ['x'], ['bossy'], ['x,bossy']]) assert.ok(!header(boss, 'wide', ...lines), lines.join('|'));
  for (const lines of [['boss'], ['boss', 'boss']]) assert.ok(header(boss, 'narrow', ...lines));
  for (const lines of [[], ['x', 'boss'], ['boss', ''], ['boss', 'bos'], ['boss', 'bossy'], ['boss,x']]) {
    assert.ok(!header(boss, 'narrow', ...lines), lines.join('|'));
  }
});

test('and so by how its lines begin and end', () => {
  assert.ok(header({ kind: 'prefix', value: 'bo' }, 'wide', 'x, bob'));
  assert.ok(header({ kind: 'suffix', value: 'ss' }, 'wide', 'boss , x'));
  assert.ok(header({ kind: 'prefix', value: 'bo' }, 'narrow', 'bo', 'bob'));
  assert.ok(!header({ kind: 'prefix', value: 'bo' }, 'narrow', 'bob', 'b'));
  assert.ok(header({ kind: 'suffix', value: 'ss' }, 'narrow', 'ss', 'boss'));
  for (const other of ['s', '', 'sx', 'xs', 'ssx']) {
    assert.ok(!header({ kind: 'suffix', value: 'ss' }, 'narrow', 'boss', other), other);
  }
  assert.ok(
    holds(requestHeader({ name: 'x', match: { kind: 'exact', value: 'a' }, negate: true }, 'wide'), {
      lines: ['a', 'b'],
    }),
  );
});

test('a host that is no plain name is refused by whoever refuses hosts, and let in by nobody', () => {
  const match = { kind: 'suffix', value: '.example' } as const;
  const host = (breadth: Breadth, line: string) => holds(requestHost(match, breadth), { lines: [line] });
  for (const odd of ['x@a.test', '%61.example', 'a,b.example']) {
    assert.deepEqual([host('wide', odd), host('narrow', odd)], [true, false], odd);
  }
  assert.deepEqual([host('wide', 'A.Example.:80'), host('narrow', 'A.Example.:80')], [true, true]);
  const port = requestHost({ kind: 'exact', value: 'a', port: 8080 }, 'narrow');
  assert.deepEqual(
    ['a:8080', 'a:08080', 'a'].map((line) => holds(port, { lines: [line] })),
    [true, true, false],
  );
});
