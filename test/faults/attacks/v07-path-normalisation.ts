import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import { mutatedHost, mutatedPath } from './v07/mutations.ts';
import { HOST_CASES, PATH_CASES } from './v07/policies.ts';
import { type Guarded, startGuardedMesh } from './wire/guarded-mesh.ts';
import { sendRaw, type Statuses } from './wire/raw-caller.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

const REQUESTS: Readonly<Record<FaultSize, number>> = { short: 6000, standard: 40_000, full: 1_000_000 };
const HOSTS_OF = 0.2;
const PARALLEL = 48;

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
  const { size, signal } = context;
  const say = (line: string): void => context.say(line);
  const seed = seedOf();
  const random = new Seeded(seed);
  await using mesh = await startGuardedMesh([...PATH_CASES, ...HOST_CASES]);
  const [onPaths, onHosts] = [mesh.guarded.slice(0, PATH_CASES.length), mesh.guarded.slice(PATH_CASES.length)];
  say(`seed ${seed}`);
  const refused: string[] = [];
  for (const { name, dial } of onPaths) {
    const paths = [...(HARMLESS[name] ?? [])];
    await sendRaw(
      dial,
      1,
      () => request(paths.shift()),
      (sent, status) => {
        if (status !== 200) refused.push(`${name}: ${status} for ${String(sent).split('\r', 1)[0]}`);
      },
    );
  }
  const hosts = Math.ceil(REQUESTS[size] * HOSTS_OF);
  const paths = REQUESTS[size] - hosts;
  const byPath = await attack(onPaths, paths, () => request(mutatedPath(random)), signal, say);
  const byHost = await attack(onHosts, hosts, () => request('/', mutatedHost(random)), signal, say);
  const total = Object.values(HARMLESS).flat().length;
  return [
    checkOf(PATHS, onPaths, paths, byPath),
    checkOf(HOSTS, onHosts, hosts, byHost),
    {
      name: USUAL,
      expected: 'all answered',
      measured: refused.length === 0 ? `${total} of ${total} answered` : refused.slice(0, 3).join('; '),
      passed: refused.length === 0,
    },
  ];
}

function request(path: string | undefined, host = 'any.example'): Buffer | undefined {
  return path === undefined ? undefined : Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`, 'latin1');
}

/** The same number of requests to each, all at once. */
async function attack(
  guarded: readonly Guarded[],
  count: number,
  make: () => Buffer | undefined,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Statuses> {
  let left = count;
  const total = new Map<number, number>();
  const each = guarded.map(async ({ dial }) => {
    const statuses = await sendRaw(dial, Math.ceil(PARALLEL / guarded.length), () => {
      if (left === 0 || signal.aborted) return undefined;
      left -= 1;
      if (left % 20_000 === 0)
        say(`${(count - left).toLocaleString('en-US')} of ${count.toLocaleString('en-US')} sent`);
      return make();
    });
    for (const [status, number] of statuses) total.set(status, (total.get(status) ?? 0) + number);
  });
  await Promise.all(each);
  return total;
}

function checkOf(name: string, guarded: readonly Guarded[], sent: number, statuses: Statuses): Check {
  const bypassed = guarded.reduce((sum, { application }) => sum + application.bypassed, 0);
  const examples = guarded.flatMap(({ application }) => application.bypasses).slice(0, 4);
  const answers = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count} × ${status === 0 ? 'no answer' : status}`);
  // An attack that nothing came through, or nothing was refused of, was none.
  const isMeaningful = [200, 400, 403].every((status) => (statuses.get(status) ?? 0) > sent / 100);
  return {
    name,
    expected: '0 reach the application',
    measured: `${countsOf(bypassed, sent, 'reached it')} (${answers.join(', ')})${examples.length === 0 ? '' : `: ${examples.join('; ')}`}`,
    passed: bypassed === 0 && isMeaningful,
  };
}
