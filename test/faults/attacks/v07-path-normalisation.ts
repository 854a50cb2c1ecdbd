import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { mutatedHost, mutatedPath } from './v07/mutations.ts';
import { HOST_CASES, PATH_CASES } from './v07/policies.ts';
import { attack, bypassCheck } from './wire/attack.ts';
import { startGuardedMesh } from './wire/guarded-mesh.ts';
import { sendRaw } from './wire/raw-caller.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

const REQUESTS: Readonly<Record<FaultSize, number>> = { short: 6000, standard: 40_000, full: 1_000_000 };
const HOSTS_OF = 0.2;

const PATHS = 'requests whose path reads as one that is denied';
const HOSTS = 'requests whose host reads as one that is denied';
const USUAL = 'requests that nothing speaks against';

/** Requests through the caller's Envoy and the application's that must be answered, by the name of the case. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'deny /admin': ['/', '/administrator', '/public;a=b', '/a%20b', '/x?y=/admin', '/caf%C3%A9', '/;jsessionid=1'],
  'deny /admin*': ['/', '/public/admin', '/ADMIN'],
  'deny templates': ['/api/secret', '/api/v1/secrets', '/privateer'],
  'deny *.php and what is encoded': ['/index.html', '/a', '/php'],
  'deny all but /public*': ['/public', '/public/a;b', '/publicity'],
  'allow /public*': ['/public', '/public/a.css', '/public?x=;'],
  'allow /public/{**} and *.css': ['/public', '/public/x/y', '/style.css', '/a/b.css?v=1'],
  'allow all but /admin* and *.bak': ['/', '/x/y', '/index.php'],
};

/** Paths and hosts in forms that proxies and applications read differently. */
export const V7: Fault = {
  id: 'V7',
  title: 'Paths and hosts are written so that a proxy and an application may read them differently',
  expected: '0 requests reach an application whose policy speaks against any reading of them',
  isShort: true,
  controls: [
    {
      title: 'escaped slashes are left as they are',
      file: 'proxy/envoy/http-connection-manager.ts',
      find: 'PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD',
      replace: 'PathWithEscapedSlashesAction.KEEP_UNCHANGED',
      fails: PATHS,
    },
    {
      title: 'slashes are not merged',
      file: 'proxy/envoy/http-connection-manager.ts',
      find: 'mergeSlashes: true',
      replace: 'mergeSlashes: false',
      fails: PATHS,
    },
    {
      title: 'parameters of segments are taken for their names',
      file: 'proxy/envoy/rbac/request-path.ts',
      find: 'return pattern(match, PARAMETERS);',
      replace: "return pattern(match, '');",
      fails: PATHS,
    },
    {
      title: 'hosts are compared with case',
      file: 'proxy/envoy/rbac/request-host.ts',
      find: '`(?i)${hostName(match)}',
      replace: '`${hostName(match)}',
      fails: HOSTS,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  const { size } = context;
  const seed = seedOf();
  const random = new Seeded(seed);
  await using mesh = await startGuardedMesh([...PATH_CASES, ...HOST_CASES]);
  const [onPaths, onHosts] = [mesh.guarded.slice(0, PATH_CASES.length), mesh.guarded.slice(PATH_CASES.length)];
  context.say(`seed ${seed}`);
  const refused: string[] = [];
  for (const { name, dial } of onPaths) {
    const paths = [...(HARMLESS[name] ?? [])];
    await sendRaw(
      dial,
      1,
      () => optional(paths.shift()),
      (sent, status) => {
        if (status !== 200) refused.push(`${name}: ${status} for ${String(sent).split('\r', 1)[0]}`);
      },
    );
  }
  const hosts = Math.ceil(REQUESTS[size] * HOSTS_OF);
  const paths = REQUESTS[size] - hosts;
  const byPath = await attack(onPaths, paths, context, () => request(mutatedPath(random)));
  const byHost = await attack(onHosts, hosts, context, () => request('/', mutatedHost(random)));
  const total = Object.values(HARMLESS).flat().length;
  return [
    bypassCheck(PATHS, onPaths, paths, byPath),
    bypassCheck(HOSTS, onHosts, hosts, byHost),
    {
      name: USUAL,
      expected: 'all answered',
      measured: refused.length === 0 ? `${total} of ${total} answered` : refused.slice(0, 3).join('; '),
      passed: refused.length === 0,
    },
  ];
}

function optional(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : request(path);
}

function request(path: string, host = 'any.example'): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`, 'latin1');
}
