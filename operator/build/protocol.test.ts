import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreedProtocol, protocolOf } from './protocol.ts';

const said: readonly [appProtocol: string | undefined, name: string | undefined, expected: string][] = [
  ['http', undefined, 'http'],
  ['kubernetes.io/h2c', 'tcp', 'http2'],
  ['kubernetes.io/ws', undefined, 'http'],
  ['kubernetes.io/wss', undefined, 'tcp'],
  ['GRPC', undefined, 'grpc'],
  ['redis', 'http', 'tcp'],
  ['example.com/odd', 'grpc-api', 'grpc'],
  ['example.com/odd', 'api', 'sniff'],
  [undefined, 'http', 'http'],
  [undefined, 'HTTP-api', 'http'],
  [undefined, 'grpc-web', 'http'],
  [undefined, 'grpc-web-ui', 'http'],
  [undefined, 'grpc-webber', 'grpc'],
  [undefined, 'https-api', 'tcp'],
  [undefined, 'httpapi', 'sniff'],
  [undefined, 'tls', 'tcp'],
  [undefined, '', 'sniff'],
  [undefined, '-', 'sniff'],
  [undefined, undefined, 'sniff'],
  ['constructor', '__proto__', 'sniff'],
];

for (const [appProtocol, name, expected] of said) {
  test(`a port with appProtocol ${appProtocol} and name ${name} speaks ${expected}`, () => {
    assert.deepEqual(protocolOf(appProtocol, name), {
      protocol: expected,
      declared: expected !== 'sniff',
    });
  });
}

test('declarations that differ meet in what all can live with', () => {
  assert.deepEqual(agreedProtocol([]), { kind: 'agreed', protocol: 'sniff' });
  assert.deepEqual(agreedProtocol(['sniff', 'grpc']), { kind: 'agreed', protocol: 'grpc' });
  assert.deepEqual(agreedProtocol(['tcp', 'tcp']), { kind: 'agreed', protocol: 'tcp' });
  assert.deepEqual(agreedProtocol(['http2', 'grpc']), { kind: 'agreed', protocol: 'http' });
  assert.deepEqual(agreedProtocol(['tcp', 'http']), { kind: 'conflict' });
});
