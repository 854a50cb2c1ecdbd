import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Capture, iptablesScript, iptablesUndoScript, nftScript, nftUndoScript } from '@dot-kube/proxy/init';
import { matchGolden } from '../../tools/golden.ts';

const NOTHING = { inboundPorts: [], outboundPorts: [], outboundCidrs: { ipv4: [], ipv6: [] } };
const EVERYTHING: Capture = {
  proxyUid: 15_001,
  inboundPort: 15_006,
  outboundPort: 15_001,
  families: ['ipv4'],
  exclusions: NOTHING,
};

const CASES: Readonly<Record<string, Capture>> = {
  everything: EVERYTHING,
  'two-families': { ...EVERYTHING, families: ['ipv4', 'ipv6'] },
  'with-exclusions': {
    ...EVERYTHING,
    families: ['ipv4', 'ipv6'],
    exclusions: {
      inboundPorts: ['15020', '15021', '9000-9100'],
      outboundPorts: ['5432', '27017-27019'],
      outboundCidrs: { ipv4: ['10.20.0.0/16', '169.254.169.254'], ipv6: ['fd00:1::/64'] },
    },
  },
  'verified-by-a-port': { ...EVERYTHING, verification: { port: 15_022, target: 15_021 } },
};

describe('what is captured becomes these rules', () => {
  for (const [name, capture] of Object.entries(CASES)) {
    test(name.replaceAll('-', ' '), () => {
      const file = (extension: string): string => join(import.meta.dirname, `${name}.${extension}`);
      matchGolden(file('nft'), nftScript(capture));
      matchGolden(file('undo.nft'), nftUndoScript(capture.families));
      matchGolden(file('iptables.sh'), iptablesScript(capture));
      matchGolden(file('undo.iptables.sh'), iptablesUndoScript(capture.families));
    });
  }
});
