import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { PodNetwork } from './index.ts';

test('what a pod sends goes to the port of its proxy, and what it is sent to another one', async () => {
  await using network = await PodNetwork.create();
  const pod = await network.pod(2);
  await pod.serveTcp(15_001, (socket) => void socket.end('outbound'));
  await pod.serveTcp(15_006, (socket) => void socket.end('inbound'));
  await pod.serveTcp(80, (socket) => void socket.end('application'));
  assert.equal(await text(await pod.connect('10.96.0.1', 80)), 'outbound');
  assert.equal(await text(connect(80, pod.ip)), 'inbound');
  assert.equal(await text(await pod.connect('127.0.0.1', 80)), 'application');
  await assert.rejects(pod.connect('127.0.0.1', 81), /ECONNREFUSED/);
});
