import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { POD, type Pod } from '../../../operator/api/index.ts';
import { CaptureServer } from '../../../operator/cni/capture-server.ts';
import type { ConfigurationList } from '../../../operator/cni/conflist.ts';
import { PluginInstaller } from '../../../operator/cni/plugin-installer.ts';
import { capturePod, NETNS_FOLDERS } from '../../../operator/cni/pod-capture.ts';
import { Manager, silentLogger, systemClock } from '../../../operator/framework/index.ts';
import { InMemoryApi } from '../../../operator/framework/memory/index.ts';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import type { PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import { DEFAULT_INJECTION, type InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';
import { missingForNamespaces } from '../../tools/missing-programs.ts';
import { cniPlugin } from '../../tools/cni-plugin.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';

const SETTINGS: InjectionSettings = { ...DEFAULT_INJECTION, proxyImage: 'proxy', capture: 'cni' };
const PREVIOUS = { cniVersion: '1.0.0', ips: [{ address: '10.244.0.7/24' }] };
const NETWORK = { cniVersion: '1.0.0', name: 'pods', plugins: [{ type: 'bridge' }, { type: 'portmap' }] };

const cleanUp = new AsyncDisposableStack();
const api = new InMemoryApi();
let directory = '';
let program = '';
let isUninstalled = false;
const path = (...names: readonly string[]): string => join(directory, ...names);
const netns = `dk-cni-${process.pid}`;

const skip = await missingForNamespaces(['ip', 'nft', 'nsenter']);

describe('the CNI plugin and its agent', { skip }, () => {
  before(async () => {
    program = await cniPlugin();
    directory = await scratchDirectory('cni');
    await mkdir(path('bin'));
    await mkdir(path('net.d'));
    await writeFile(path('net.d', '10-pods.conflist'), JSON.stringify(NETWORK));
    await ip('add');
    cleanUp.defer(() => ip('del'));
    for (const name of ['meshed', 'plain']) await api.create(POD, pod(name));
  });

  after(() => cleanUp.disposeAsync());

  test('a node’s pods meet the plugin while its agent is installed, and no longer than that', async () => {
    const agent = startAgent();
    await waitFor(async () => (await listed()).length === 3);
    assert.deepEqual((await listed()).at(-1), {
      type: 'dot-kube-cni',
      socket: path('agent.sock'),
      excludeNamespaces: ['kube-system'],
    });
    // Somebody writes the node's network anew.
    await writeFile(path('net.d', '10-pods.conflist'), JSON.stringify(NETWORK));
    await waitFor(async () => (await listed()).length === 3);
    await agent.stop();
    assert.equal((await listed()).length, 3, 'an agent that is restarted leaves the plugin where it is');

    const next = startAgent();
    await waitFor(() => Promise.resolve(next.installer.isInstalled));
    isUninstalled = true;
    await next.stop();
    isUninstalled = false;
    assert.deepEqual(await listed(), NETWORK.plugins);
  });

  test('the connections of a pod with a proxy are captured, and its network is as it was set up', async () => {
    const agent = startAgent();
    await waitFor(() => Promise.resolve(agent.installer.isInstalled));
    assert.deepEqual(await plugin('plain'), { exitCode: 0, answer: PREVIOUS });
    assert.equal(await ruleset(), '');
    assert.deepEqual(await plugin('meshed'), { exitCode: 0, answer: PREVIOUS });
    assert.match(await ruleset(), /redirect to :15006/);
    assert.deepEqual(await plugin('meshed'), { exitCode: 0, answer: PREVIOUS }, 'and again');
    await agent.stop();
  });

  test('a pod that cannot be captured does not start, and is told why', async () => {
    const agent = startAgent();
    await waitFor(() => Promise.resolve(agent.installer.isInstalled));
    const told = async (...words: Parameters<typeof plugin>): Promise<unknown> => {
      const { answer, exitCode } = await plugin(...words);
      assert.equal(exitCode, 1);
      return answer['msg'];
    };
    assert.equal(await told('gone'), 'dot-kube-cni: the pod shop/gone is gone');
    assert.match(String(await told('meshed', { uid: 'another' })), /is another one by now/);
    assert.match(String(await told('meshed', { netns: '/var/run/netns/../../etc/passwd' })), /is in none of/);
    await agent.stop();
    assert.match(String(await told('plain')), /the agent dot-kube-cni of this node does not answer/);
    assert.equal((await plugin('plain', { namespace: 'kube-system' })).exitCode, 0, 'nodes come up without it');
  });

  test('nothing is in the way of a pod that ends', async () => {
    assert.equal((await plugin('gone', { command: 'DEL' })).exitCode, 0);
    const { answer } = await plugin('', { command: 'VERSION' });
    assert.deepEqual((answer['supportedVersions'] as string[]).at(-1), '1.1.0');
  });
});

function startAgent() {
  const options = { api, settings: SETTINGS, namespaces: NETNS_FOLDERS, log: silentLogger };
  const server = new CaptureServer({
    socket: path('agent.sock'),
    capture: (request, signal) => capturePod(options, request, signal),
    log: silentLogger,
  });
  const installer = new PluginInstaller({
    program,
    binDirectory: path('bin'),
    configDirectory: path('net.d'),
    settings: { socket: path('agent.sock'), excludeNamespaces: ['kube-system'] },
    isUninstalled: () => Promise.resolve(isUninstalled),
    clock: systemClock,
    log: silentLogger,
  });
  const stop = new AbortController();
  const running = new Manager({ logger: silentLogger }).add(server, installer).run(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  cleanUp.defer(end);
  return { installer, stop: end };
}

/** Runs the plugin as a container runtime does. */
async function plugin(
  name: string,
  more: { readonly uid?: string; readonly netns?: string; readonly namespace?: string; readonly command?: string } = {},
): Promise<{ readonly exitCode: number | null; readonly answer: Readonly<Record<string, unknown>> }> {
  const { command = 'ADD', namespace = 'shop', uid = '' } = more;
  const child = spawn(program, {
    env: {
      CNI_COMMAND: command,
      CNI_CONTAINERID: 'c',
      CNI_NETNS: more.netns ?? `/var/run/netns/${netns}`,
      CNI_IFNAME: 'eth0',
      CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_UID=${uid}`,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const settings = { socket: path('agent.sock'), excludeNamespaces: ['kube-system'] };
  child.stdin.end(JSON.stringify({ cniVersion: '1.0.0', name: 'pods', ...settings, prevResult: PREVIOUS }));
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const exitCode = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('close', resolve)));
  return { exitCode, answer: text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>) };
}

async function listed(): Promise<ConfigurationList['plugins']> {
  return (JSON.parse(await readFile(path('net.d', '10-pods.conflist'), 'utf8')) as ConfigurationList).plugins;
}

async function ruleset(): Promise<string> {
  return (await runCommand('ip', ['netns', 'exec', netns, 'nft', 'list', 'ruleset'])).stdout;
}

async function ip(verb: 'add' | 'del'): Promise<void> {
  const { exitCode, tail } = await runCommand('ip', ['netns', verb, netns]);
  assert.equal(exitCode, 0, tail);
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (await condition()) return;
    await delay(50);
  }
  assert.fail('it did not come to be within 10 s');
}

function pod(name: 'meshed' | 'plain' | (string & {})): Pod {
  const made: PodShape = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [{ name: 'app' }] },
  };
  return (name === 'meshed' ? injectPod(made, SETTINGS) : made) as unknown as Pod;
}
