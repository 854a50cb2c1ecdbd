import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeFile, hasPlugin, parseConfiguration, withoutPlugin, withPlugin } from './conflist.ts';

const SETTINGS = { socket: '/var/run/dot-kube-cni/agent.sock', excludeNamespaces: ['kube-system', 'a'] };
const LIST = { cniVersion: '1.0.0', name: 'pods', plugins: [{ type: 'bridge', bridge: 'cbr0' }, { type: 'portmap' }] };

test('the plugin is last in the list, once, and all else stays', () => {
  const once = withPlugin(LIST, SETTINGS);
  const entry = { type: 'dot-kube-cni', socket: SETTINGS.socket, excludeNamespaces: ['a', 'kube-system'] };
  assert.deepEqual(once, { ...LIST, plugins: [...LIST.plugins, entry] });
  assert.deepEqual(withPlugin(once, SETTINGS), once);
  assert.deepEqual(withoutPlugin(once), LIST);
});

test('it is put back in its place, and given its settings anew', () => {
  const chained = withPlugin(LIST, SETTINGS);
  assert.equal(hasPlugin(chained, SETTINGS), true);
  assert.equal(hasPlugin(LIST, SETTINGS), false);
  assert.equal(hasPlugin({ ...chained, plugins: chained.plugins.toReversed() }, SETTINGS), false);
  assert.equal(hasPlugin(chained, { ...SETTINGS, socket: '/elsewhere' }), false);
});

test('the first configuration by name is the one that is in force', () => {
  assert.equal(activeFile(['99-loopback.conf', '10-pods.conflist', '05-old.conflist.bak', 'x']), '10-pods.conflist');
  assert.equal(activeFile(['README']), undefined);
});

test('what is no list is told, with what to do', () => {
  assert.deepEqual(parseConfiguration(JSON.stringify(LIST)), LIST);
  assert.throws(() => parseConfiguration('{"type":"bridge"}'), /make it a \.conflist/);
  assert.throws(() => parseConfiguration('"bridge"'), /no JSON object/);
});
