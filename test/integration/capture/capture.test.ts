import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { INBOUND_SOURCE } from '@dot-kube/proxy/envoy';
import {
  type Capture,
  type IpFamily,
  iptablesScript,
  iptablesUndoScript,
  nftScript,
  nftUndoScript,
} from '@dot-kube/proxy/init';
import { missingForNamespaces } from '../../tools/missing-programs.ts';
import { type Namespace, PEER, POD, twoNamespaces } from './two-namespaces.ts';

const [PROXY, APPLICATION] = [15_001, 1000];
const CAPTURE: Capture = {
  proxyUid: PROXY,
  inboundPort: 15_006,
  outboundPort: 15_001,
  families: ['ipv4', 'ipv6'],
  exclusions: {
    inboundPorts: ['15021', '9000-9001'],
    outboundPorts: ['5432'],
    outboundCidrs: { ipv4: [], ipv6: [] },
  },
};

/** As the capture container does it: as root with this one capability, and no way to more. */
const asCaptureContainer = [
  'setpriv',
  '--bounding-set=-all,+net_admin',
  '--inh-caps=-all,+net_admin',
  '--no-new-privs',
] as const;

const TOOLS = {
  nft: {
    programs: ['nft'],
    apply: (capture: Capture) => ['nft', nftScript(capture)],
    undo: (families: readonly IpFamily[]) => ['nft', nftUndoScript(families)],
    list: ['nft', 'list', 'ruleset'],
  },
  'iptables-restore': {
    programs: ['iptables-restore', 'ip6tables-restore', 'iptables-save'],
    apply: (capture: Capture) => ['sh', '-ec', iptablesScript(capture)],
    undo: (families: readonly IpFamily[]) => ['sh', '-ec', iptablesUndoScript(families)],
    list: ['sh', '-c', 'iptables-save -t nat | grep -v "^#"; ip6tables-save -t nat | grep -v "^#"'],
  },
} as const;

for (const [name, tool] of Object.entries(TOOLS)) {
  const skip = await missingForNamespaces([...tool.programs, 'setpriv', 'nsenter', 'unshare', 'ip']);
  describe(`the rules of ${name} in a network namespace`, { skip }, () => {
    const cleanUp = new AsyncDisposableStack();
    let pod: Namespace;
    let peer: Namespace;
    const apply = (capture: Capture) => pod.run(...asCaptureContainer, ...tool.apply(capture));
    const rules = () => pod.run(...tool.list);

    before(async () => {
      ({ pod, peer } = await twoNamespaces(cleanUp));
      await pod.serve({ 15001: 'outbound', 15006: 'inbound', 15021: 'ready', 8080: 'application', 9001: 'metrics' });
      await peer.serve({ 80: 'peer', 53: 'names', 5432: 'database' });
      await apply(CAPTURE);
    });
    after(() => cleanUp.disposeAsync());

    for (const family of CAPTURE.families) {
      const [own, other, loopback] = [POD[family], PEER[family], family === 'ipv4' ? '127.0.0.1' : '::1'];

      test(`what others send over ${family} is taken, but for excluded ports`, async () => {
        const answers = await peer.dial(0, `${own} 8080`, `${own} 1`, `${own} 15021`, `${own} 9001`);
        assert.deepEqual(answers, ['inbound', 'inbound', 'ready', 'metrics']);
      });

      test(`what the application sends over ${family} is taken, but for names and excluded ports`, async () => {
        const targets = [`${other} 80`, `${other} 1`, `${other} 53`, `${other} 5432`];
        assert.deepEqual(await pod.dial(APPLICATION, ...targets), ['outbound', 'outbound', 'names', 'database']);
        assert.deepEqual(await pod.dial(0, `${other} 80`), ['outbound']);
      });

      test(`what the proxy sends over ${family} is not taken again`, async () => {
        assert.deepEqual(await pod.dial(PROXY, `${other} 80`, `${other} 1`), ['peer', 'ECONNREFUSED']);
      });

      test(`the pod speaks with itself over ${family} without the proxy`, async () => {
        assert.deepEqual(await pod.dial(APPLICATION, `${loopback} 8080`, `${own} 8080`), [
          'application',
          'application',
        ]);
        assert.deepEqual(await pod.dial(PROXY, `${loopback} 8080`), ['application']);
      });

      test(`what the proxy sends over ${family} to its own pod, as to one of a Service, comes in as from others`, async () => {
        assert.deepEqual(await pod.dial(PROXY, `${own} 8080`), ['inbound']);
      });

      test(`what the proxy took in over ${family} reaches the application at the pod's own address`, async () => {
        assert.deepEqual(await pod.dial(PROXY, `${own} 8080 ${INBOUND_SOURCE[family]}`), ['application']);
      });
    }

    test('again they change nothing, and other exclusions replace those before', async () => {
      const once = await rules();
      await apply(CAPTURE);
      assert.equal(await rules(), once);
      const outboundCidrs = { ipv4: [`${PEER.ipv4}/32`], ipv6: [PEER.ipv6] };
      await apply({ ...CAPTURE, exclusions: { inboundPorts: ['8080'], outboundPorts: [], outboundCidrs } });
      assert.deepEqual(await pod.dial(APPLICATION, `${PEER.ipv4} 80`, `${PEER.ipv6} 80`), ['peer', 'peer']);
      assert.deepEqual(await peer.dial(0, `${POD.ipv4} 8080`, `${POD.ipv6} 9001`), ['application', 'inbound']);
      await apply(CAPTURE);
      assert.equal(await rules(), once);
    });

    test('a family that is not captured passes the proxy by', async () => {
      await pod.run(...tool.undo(CAPTURE.families));
      await apply({ ...CAPTURE, families: ['ipv4'] });
      assert.deepEqual(await peer.dial(0, `${POD.ipv4} 8080`, `${POD.ipv6} 8080`), ['inbound', 'application']);
    });

    test('undone they leave nothing behind, and undone again neither', async () => {
      await apply(CAPTURE);
      for (const _ of [1, 2]) {
        await pod.run(...tool.undo(CAPTURE.families));
        assert.doesNotMatch(await rules(), /dot_kube/i);
      }
      assert.deepEqual(await pod.dial(APPLICATION, `${PEER.ipv4} 80`, `${PEER.ipv6} 80`), ['peer', 'peer']);
      assert.deepEqual(await peer.dial(0, `${POD.ipv4} 8080`, `${POD.ipv6} 8080`), ['application', 'application']);
    });
  });
}
