import { type Capture, captureOf, type FamilyCapture, type IpFamily } from './capture.ts';

/** The table that holds the rules, in each family. */
export const NFT_TABLE = 'dot_kube';

const FAMILIES = {
  ipv4: { name: 'ip', loopback: '127.0.0.0/8' },
  ipv6: { name: 'ip6', loopback: '::1' },
} as const;

/**
 * The rules as a script of nft(8), to be run in the pod's network namespace with CAP_NET_ADMIN. nft takes it whole or not at
 * all, and again with the same result. One table in each family, as tables of both (`inet`) have no NAT before Linux 5.2.
 */
export function nftScript(capture: Capture): string {
  return capture.families.map((family) => tableOf(family, captureOf(family, capture))).join('');
}

/** Takes the rules away again; nothing happens where there are none. */
export function nftUndoScript(families: readonly IpFamily[]): string {
  return families.map((family) => withoutTable(FAMILIES[family].name)).join('');
}

/** To delete what is not there would be an error. */
function withoutTable(family: string): string {
  return `add table ${family} ${NFT_TABLE}\ndelete table ${family} ${NFT_TABLE}\n`;
}

function tableOf(family: IpFamily, capture: FamilyCapture): string {
  const { name, loopback } = FAMILIES[family];
  const { inboundPort, outboundPort, proxyUid, verification } = capture;
  const verify =
    verification === undefined ? '' : `    tcp dport ${verification.port} redirect to :${verification.target}\n`;
  const passBy = (ports: readonly string[]): string => ports.map((port) => `    tcp dport ${port} accept\n`).join('');
  const addresses = capture.outboundCidrs.map((cidr) => `    ${name} daddr ${cidr} accept\n`).join('');
  return `${withoutTable(name)}table ${name} ${NFT_TABLE} {
  chain inbound {
    type nat hook prerouting priority -100; policy accept;
    iifname "lo" accept
${verify}${passBy(capture.inboundPorts)}    meta l4proto tcp redirect to :${inboundPort}
  }
  chain outbound {
    type nat hook output priority -100; policy accept;
    meta skuid ${proxyUid} oifname "lo" ${name} saddr != ${loopback} meta l4proto tcp redirect to :${inboundPort}
    meta skuid ${proxyUid} accept
    oifname "lo" accept
${passBy(capture.outboundPorts)}${addresses}    meta l4proto tcp redirect to :${outboundPort}
  }
}
`;
}
