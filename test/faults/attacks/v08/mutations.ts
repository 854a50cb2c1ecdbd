import type { Seeded } from '../wire/seeded.ts';

const VALUES = [
  'boss',
  'Boss',
  'guest',
  'bo',
  'ss',
  'os',
  'bossy',
  'aboss',
  'x',
  '',
  '*',
  'bos\xff',
  '\xff',
  'boss;q=1',
  '"boss"',
];
const NAMES = ['x-role', 'X-Role', 'X-ROLE', 'x-rolE', 'x-role', 'x-role', 'x_role', 'x-role ', 'x-role-', 'x-role\t'];
const JOINTS = [',', ', ', ' ,', ',\t', ';', ' ', ',,'];
const SELF = [
  'By=spiffe://cluster.local/ns/shop/sa/server;URI=spiffe://cluster.local/ns/shop/sa/admin',
  'URI=spiffe://cluster.local/ns/shop/sa/admin',
  '',
];

/** The header lines of a request, with their breaks. */
export function mutatedHeaders(random: Seeded): string {
  const lines = Array.from({ length: random.below(4) }, () => line(random));
  if (random.below(4) === 0) lines.push(`X-Forwarded-Client-Cert: ${random.pick(SELF)}`);
  if (random.below(20) === 0)
    lines.push(`Connection: ${random.pick(['x-role', 'keep-alive, x-role', 'X-Forwarded-Client-Cert'])}`);
  return lines.map((each) => `${each}\r\n`).join('');
}

function line(random: Seeded): string {
  const value = Array.from({ length: 1 + random.below(3) }, () => random.pick(VALUES)).join(random.pick(JOINTS));
  const blanks = random.pick(['', ' ', '  ', '\t', ' \t']);
  const before = random.below(40) === 0 ? `${'x'.repeat(1000 * (1 + random.below(40)))},` : '';
  const folded = random.below(60) === 0 ? '\r\n boss' : '';
  return `${random.pick(NAMES)}:${blanks}${before}${value}${random.pick(['', ' ', '\t', '  '])}${folded}`;
}
