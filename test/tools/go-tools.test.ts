import assert from 'node:assert/strict';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ProgressReport } from '../../operator/local/tools/progress.ts';
import { ToolUnavailableError } from '../../operator/local/tools/tool-error.ts';
import { goTools, requiredVersion } from './go-tools.ts';

const root = await mkdtemp(join(tmpdir(), 'go-tools-test-'));
after(() => rm(root, { recursive: true, force: true }));

const GO_MOD = `module x

tool example.com/a/cmd/hammer

require example.com/saw/v3 v3.6.8
require (
	example.com/a v1.2.3
	example.com/b v0.1.0 // indirect
)

replace example.com/a => example.com/fork v9.9.9
`;

const TOOLS = {
  hammer: {
    package: 'example.com/a/cmd/hammer',
    module: 'example.com/a',
    product: 'a',
    variables: (v: string) => [`v=${v}`],
  },
  sharp: { package: 'example.com/saw/v3', module: 'example.com/saw/v3', product: 'saw' },
};

let machines = 0;

/** A machine whose `go` is a shell script, with an empty cache. */
async function machine(go: string) {
  machines += 1;
  const home = join(root, String(machines));
  const cache = join(home, 'cache');
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'go.mod'), GO_MOD);
  if (go !== '') {
    await writeFile(join(home, 'bin', 'go'), `#!/bin/sh\n${go}\n`);
    await chmod(join(home, 'bin', 'go'), 0o755);
  }
  const reports: ProgressReport[] = [];
  const options = {
    cache,
    environment: { PATH: join(home, 'bin'), HOME: home },
    progress: (report: ProgressReport) => void reports.push(report),
  };
  return { home, cache, reports, build: () => goTools(home, TOOLS, options) };
}

/** Builds as go does: names on standard error, programs into the folder after -o; keeps a list of its calls. */
const GO = `
PATH=/usr/bin:/bin
echo "$CGO_ENABLED $@" >> "$HOME/calls"
case "$1" in
  list) echo 'go: downloading example.com/a v1.2.3' >&2; echo runtime; echo example.com/a/cmd/hammer ;;
  build) while [ "$1" != -o ]; do shift; done
         for name in hammer saw; do echo "example.com/$name" >&2; echo "$name" > "$2$name"; done ;;
esac`;

test('a version is read from go.mod in both of its forms, and tools and replacements are not mistaken for it', () => {
  assert.equal(requiredVersion(GO_MOD, 'example.com/a'), '1.2.3');
  assert.equal(requiredVersion(GO_MOD, 'example.com/saw/v3'), '3.6.8');
  assert.equal(requiredVersion(GO_MOD, 'example.com/b'), '0.1.0');
  assert.throws(() => requiredVersion(GO_MOD, 'example.com/fork'), /requires no example.com\/fork/);
});

test('tools are built once, into a folder for their version and under the name they are asked for', async () => {
  const { build, cache, home } = await machine(GO);
  const [first, second] = await Promise.all([build(), build()]);
  assert.deepEqual(first, second);
  assert.deepEqual(first, {
    hammer: join(cache, 'a', '1.2.3', 'bin', 'hammer'),
    sharp: join(cache, 'saw', '3.6.8', 'bin', 'sharp'),
  });
  assert.equal(await readFile(first.sharp, 'utf8'), 'saw\n');
  const builds = (await readFile(join(home, 'calls'), 'utf8')).split('\n').filter((line) => line.includes('build'));
  assert.equal(builds.length, 1);
  assert.match(
    builds[0] ?? '',
    /^0 build .* -ldflags=-s -w -X v=1\.2\.3 .* example\.com\/a\/cmd\/hammer example\.com\/saw\/v3$/,
  );
});

test('only what is missing is built', async () => {
  const { build, home } = await machine(GO);
  const { hammer } = await build();
  await rm(hammer);
  await build();
  const calls = (await readFile(join(home, 'calls'), 'utf8')).trimEnd().split('\n');
  assert.match(calls.at(-1) ?? '', /build .* example\.com\/a\/cmd\/hammer$/);
});

test('progress counts compiled packages', async () => {
  const { build, reports } = await machine(GO);
  await build();
  const details = reports.map(({ detail, done, total, state }) => `${state}: ${detail} ${done ?? ''}/${total ?? ''}`);
  assert.ok(details.includes('running: downloading example.com/a v1.2.3 /'), details.join('\n'));
  assert.ok(details.includes('running: compiling example.com/saw 2/2'), details.join('\n'));
  assert.equal(details.at(-1), 'done: hammer, sharp /');
});

test('without go the error names what to install', async () => {
  const { build } = await machine('');
  await assert.rejects(
    build(),
    (error) => error instanceof ToolUnavailableError && /install Go 1\.26/.test(error.message),
  );
});

test('a build that fails shows what go said and leaves nothing in the cache', async () => {
  const { build, cache } = await machine(`[ "$1" = list ] || { echo 'a.go:1: no good' >&2; exit 1; }`);
  await assert.rejects(build(), /go build failed:\na\.go:1: no good/);
  assert.deepEqual(await readdir(cache), []);
});

test('what a killed build left is not taken for a tool', async () => {
  const { build, cache } = await machine(GO);
  await mkdir(join(cache, 'go-build'), { recursive: true });
  await writeFile(join(cache, 'go-build', 'old'), 'half');
  await build();
  await assert.rejects(access(join(cache, 'go-build')));
});
