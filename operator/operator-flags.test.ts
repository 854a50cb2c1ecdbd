import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { operatorUsage, parseOperatorFlags, UsageError } from './operator-flags.ts';

test('without flags the operator serves proxies on all addresses, with TLS alone', () => {
  const flags = parseOperatorFlags([]);
  assert.deepEqual(flags.xdsAddress, { port: 15010 });
  assert.equal(flags.plaintextXds, undefined);
  assert.equal(flags.leaderElection, true);
});

test('names are told apart from addresses', () => {
  const { xdsNames } = parseOperatorFlags([
    '--xds-name',
    'xds.example',
    '--xds-name',
    '10.0.0.1',
    '--xds-name',
    'fd00::1',
  ]);
  assert.deepEqual(xdsNames, { dnsNames: ['xds.example'], ipAddresses: ['10.0.0.1', 'fd00::1'] });
});

test('an address is a host and a port, IPv6 in brackets', () => {
  assert.deepEqual(parseOperatorFlags(['--xds-address', '[::1]:15010']).xdsAddress, { host: '::1', port: 15010 });
});

for (const args of [
  ['--xds-address', 'nowhere'],
  ['--xds-address', '127.0.0.1:99999'],
  ['--service-cidr', '10.0.0.0'],
  ['--service-cidr', '10.0.0.0/33'],
  ['--log-level', 'loud'],
  ['--capture', 'magic'],
  ['--lease-duration', '2'],
  ['--lease-duration', '15s'],
  ['--no-such-flag'],
]) {
  test(`${args.join(' ')} is refused with a usage error`, () => {
    assert.throws(() => parseOperatorFlags(args), UsageError);
  });
}

test('the README says of every flag what the usage says', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const flags = [...operatorUsage.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag ?? '');
  assert.ok(flags.length > 10);
  for (const flag of flags.filter((each) => each !== '--help')) assert.ok(readme.includes(`\`${flag}`), flag);
});

test('the usage names every flag', () => {
  const flags = Object.keys(parseOperatorFlags([])).filter(
    (name) => !['xdsNames', 'help', 'plaintextXds', 'leaderElection'].includes(name),
  );
  for (const name of flags) {
    const flag = name
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .replace('service-cidrs', 'service-cidr');
    assert.match(operatorUsage, new RegExp(`--${flag} `), flag);
  }
});
