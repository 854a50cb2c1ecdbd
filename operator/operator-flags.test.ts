import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { injectionFlagOptions } from './operator-flags-injection.ts';
import { operatorUsage, parseOperatorFlags, UsageError } from './operator-flags.ts';
import { DEFAULT_INJECTION } from './webhooks/injection/settings.ts';

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

test('proxies are told the first name, unless they are told another', () => {
  const told = (...args: readonly string[]) => parseOperatorFlags(args).xdsService;
  assert.deepEqual(told('--xds-name', 'xds.svc', '--xds-name', 'b', '--xds-address', ':1'), {
    host: 'xds.svc',
    port: 1,
  });
  assert.deepEqual(told('--xds-name', 'fd00::1'), { host: 'fd00::1', port: 15010 });
  assert.deepEqual(told('--xds-service', 'dot-kube-xds.x.svc:443'), { host: 'dot-kube-xds.x.svc', port: 443 });
  const { xdsNames } = parseOperatorFlags(['--xds-service', 'a.svc:1', '--xds-name', 'b.svc']);
  assert.deepEqual(xdsNames.dnsNames, ['b.svc', 'a.svc'], 'and the certificate has that name');
});

test('injection is off unless it is asked for, and then by the defaults of everybody', () => {
  assert.equal(parseOperatorFlags([]).injection, undefined);
  const { by, settings, webhook } =
    parseOperatorFlags(['--injection', 'webhook', '--namespace', 'mesh']).injection ?? {};
  assert.equal(by, 'webhook');
  const { proxyImage, ...others } = settings ?? assert.fail();
  assert.match(proxyImage, /^dot-kube\/proxy:\d/);
  const systemNamespaces = [...DEFAULT_INJECTION.systemNamespaces, 'mesh'];
  assert.deepEqual(others, { ...DEFAULT_INJECTION, systemNamespaces });
  assert.deepEqual(webhook, {
    address: { port: 15017 },
    names: { dnsNames: ['dot-kube-webhook.mesh.svc'], ipAddresses: [] },
  });
});

test('every setting of injection has a flag', () => {
  const given = {
    '--proxy-image': 'registry.example/proxy:1',
    '--proxy-pull-policy': 'Always',
    '--proxy-capture': 'cni',
    '--proxy-concurrency': '2',
    '--proxy-log-level': 'debug',
    '--proxy-resources': '{"limits":{"cpu":"1"}}',
    '--ip-families': 'ipv6,ipv4',
    '--drain-seconds': '0',
  };
  assert.deepEqual(parseOperatorFlags(['--injection', 'policy', ...Object.entries(given).flat()]).injection?.settings, {
    ...DEFAULT_INJECTION,
    proxyImage: 'registry.example/proxy:1',
    imagePullPolicy: 'Always',
    capture: 'cni',
    families: ['ipv6', 'ipv4'],
    proxy: { ...DEFAULT_INJECTION.proxy, concurrency: 2, logLevel: 'debug', resources: { limits: { cpu: '1' } } },
    drainSeconds: 0,
  });
});

for (const args of [
  ['--injection', 'maybe'],
  ['--webhook-address', 'here'],
  ['--proxy-capture', 'magic'],
  ['--proxy-pull-policy', 'sometimes'],
  ['--proxy-concurrency', '0'],
  ['--proxy-resources', 'much'],
  ['--proxy-resources', '{"memory":"256Mi"}'],
  ['--proxy-resources', '{"limits":{"memory":256}}'],
  ['--ip-families', 'ipv5'],
  ['--drain-seconds', '-1'],
  ['--ca-source', 'elsewhere'],
  ['--root-change-hold', '0'],
  ['--certificate-lifetime', '9'],
  ['--certificate-lifetime', '604801'],
  ['--certificate-lifetime', '24h'],
  ['--xds-service', ':15010'],
  ['--xds-address', 'nowhere'],
  ['--xds-address', '127.0.0.1:99999'],
  ['--service-cidr', '10.0.0.0'],
  ['--service-cidr', '10.0.0.0/33'],
  ['--log-level', 'loud'],
  ['--capture', 'magic'],
  ['--lease-duration', '2'],
  ['--lease-duration', '15s'],
  ['--replica-peer', ':15012'],
  ['--replicas-address', '15012'],
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
    (name) => !['xdsNames', 'help', 'plaintextXds', 'leaderElection', 'injection'].includes(name),
  );
  for (const name of Object.keys(injectionFlagOptions)) assert.match(operatorUsage, new RegExp(`--${name} `), name);
  for (const name of flags) {
    const flag = name
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .replace('service-cidrs', 'service-cidr')
      .replace('replica-peers', 'replica-peer');
    assert.match(operatorUsage, new RegExp(`--${flag} `), flag);
  }
});
