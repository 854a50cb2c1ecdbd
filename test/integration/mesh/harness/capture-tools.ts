import { type Capture, iptablesScript, nftScript } from '@dot-kube/proxy/init';
import { runCommand } from '../../../../operator/local/tools/command.ts';
import { findOnPath } from '../../../../operator/local/tools/executable.ts';
import { type CapturePod, PROXY_USER } from '../../harness/index.ts';
import { NO_PODS } from './no-pods.ts';

const CAPTURE: Capture = {
  proxyUid: PROXY_USER,
  inboundPort: 15_006,
  outboundPort: 15_001,
  families: ['ipv4'],
  exclusions: { inboundPorts: [], outboundPorts: [], outboundCidrs: { ipv4: [], ipv6: [] } },
};

/** How connections come to the proxies of a mesh. */
export interface CaptureTool {
  readonly name: string;
  /** Why it cannot be used here; false when it can. */
  readonly skip: string | false;
  readonly capture?: CapturePod;
}

/** The rules of an injected pod by either tool where it is installed; and rules of our own, which need none. */
export const CAPTURE_TOOLS: readonly CaptureTool[] = [
  { name: 'netlink', skip: NO_PODS },
  { name: 'nft', skip: await without('nft'), capture: by('nft', nftScript(CAPTURE)) },
  {
    name: 'iptables-restore',
    skip: await without('iptables-restore'),
    capture: by('sh', '-ec', iptablesScript(CAPTURE)),
  },
];

/** The rules of an injected pod for both families, by nft. */
export const NFT_FOR_BOTH_FAMILIES: CaptureTool = {
  name: 'nft',
  skip: await without('nft'),
  capture: by('nft', nftScript({ ...CAPTURE, families: ['ipv4', 'ipv6'] })),
};

async function without(program: string): Promise<string | false> {
  if (NO_PODS !== false || (await findOnPath(program, process.env)) !== undefined) return NO_PODS;
  return `${program} is not installed (apt-get install iptables nftables)`;
}

function by(...line: readonly string[]): CapturePod {
  return async ([command, ...enter]) => {
    const { exitCode, tail } = await runCommand(command, [...enter, ...line]);
    if (exitCode !== 0) throw new Error(`${line[0]}: ${tail}`);
  };
}
