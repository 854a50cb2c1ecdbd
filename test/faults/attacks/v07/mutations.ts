import type { Seeded } from '../wire/seeded.ts';

const SEEDS = [
  '/admin',
  '/admin/x',
  '/administrator',
  '/public',
  '/public/a',
  '/public/../admin',
  '/api/v1/secret',
  '/private',
  '/private/a/b',
  '/index.php',
  '/a.css',
  '/x/y.bak',
  '/a|b@c',
  '/',
] as const;

/** Pieces that are put in between; of the lists of dotdotpwn and wfuzz, what is about paths of HTTP. */
const PIECES = [
  '/',
  '//',
  '/./',
  '/../',
  '/x/../',
  '/public/../',
  '/%2e/',
  '/%2e%2e/',
  '/.%2E/',
  '/..;/',
  '/.;/',
  '/..;a=b/',
  '/%2e%2e;/',
  '/..%3b/',
  '/;/',
  '/;a/',
  ';',
  ';a=b',
  ';/../',
  '%3B',
  '\\',
  '\\..\\',
  '..\\',
  '%2f',
  '%2F',
  '%5c',
  '%5C..%5C',
  '%2f..%2f',
  '..%2f',
  '%252f',
  '%252e%252e%252f',
  '%25',
  '%c0%af',
  '%c0%ae%c0%ae/',
  '%e0%80%af',
  '%f0%80%80%af',
  '%c1%9c',
  '%u002f',
  '%u002e%u002e/',
  '%00',
  '%0a',
  '%09',
  '%20',
  '%23',
  '%3f',
  '#',
  '#/admin',
  '?',
  '?/admin',
  '?x=/../admin',
  '.',
  '..',
  '...',
  '%',
  '%zz',
  '%ff',
  '\xe9',
  '~',
  '.css',
  '.php',
  ';.css',
  '%3b.css',
  '?.css',
  '%00.css',
  '/admin',
  'admin',
  '/public/',
] as const;

/** A request's target that is a path to some and another path to others. */
export function mutatedPath(random: Seeded): string {
  let path: string = random.pick(SEEDS);
  for (let times = 1 + random.below(3); times > 0; times -= 1) path = changed(path, random);
  if (!path.startsWith('/')) path = `/${path}`;
  return random.below(12) === 0 ? `http://${mutatedHost(random)}${path}` : path;
}

function changed(path: string, random: Seeded): string {
  const at = random.below(path.length + 1);
  const [before, after] = [path.slice(0, at), path.slice(at)];
  switch (random.below(8)) {
    case 0:
      return `${before}${encoded(after.slice(0, 1), random)}${after.slice(1)}`;
    case 1:
      return path.replaceAll(/[a-z.|@]/g, (char) => (random.below(3) === 0 ? encoded(char, random) : char));
    case 2:
      return `${random.pick(PIECES)}${path}`;
    case 7:
      return `${random.pick(SEEDS)}${random.pick([';', '%3b', '%3Ba', ';a=b', ';.css'])}`;
    case 3:
      return `${path}${random.pick(PIECES)}`;
    case 4:
      return path.replaceAll('/', () => (random.below(2) === 0 ? random.pick(PIECES) : '/'));
    default:
      return `${before}${random.pick(PIECES)}${after}`;
  }
}

function encoded(char: string, random: Seeded): string {
  if (char === '') return '';
  const hex = char.charCodeAt(0).toString(16).padStart(2, '0');
  return random.pick([`%${hex}`, `%${hex.toUpperCase()}`, `%25${hex}`, `%u00${hex}`]);
}

const HOSTS = ['secret.example', 'a.public.example', 'public.example', 'evil.example', 'a'] as const;

/** An authority that is one host to some and another to others. */
export function mutatedHost(random: Seeded): string {
  let host: string = random.pick(HOSTS);
  for (let times = random.below(4); times > 0; times -= 1) host = changedHost(host, random);
  return host;
}

function changedHost(host: string, random: Seeded): string {
  switch (random.below(9)) {
    case 0:
      return host.replaceAll(/[a-z]/g, (char) => (random.below(2) === 0 ? char.toUpperCase() : char));
    case 1:
      return `${host}.`;
    case 2:
      return `${host}:${random.pick(['80', '8080', '', '08080', '0', '443', '+8080', '8080x', '65616'])}`;
    case 3:
      return `${random.pick(['x', 'a.public.example', 'secret.example', 'x:y', ''])}@${host}`;
    case 4:
      return host.replaceAll(/[a-z.]/g, (char) => (random.below(4) === 0 ? encoded(char, random) : char));
    case 5:
      return `${host}${random.pick(['%2e', '%00', '.public.example', '%2epublic.example', ',a.public.example', ';x', '_', '[', '\\a'])}`;
    case 6:
      return `${random.pick(['x.', '.', '-', '[', '%2e', 'secret.example,'])}${host}`;
    case 7:
      return `${host}..`;
    default:
      return ` ${host} `;
  }
}
