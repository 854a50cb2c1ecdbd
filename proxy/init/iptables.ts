import { type Capture, captureOf, type FamilyCapture, type IpFamily } from './capture.ts';

/** What iptables-restore (of IPv4) and ip6tables-restore are fed with. */
export interface IptablesRules {
  readonly family: IpFamily;
  /** The program that takes the texts on its standard input, with `--noflush`. */
  readonly program: 'iptables-restore' | 'ip6tables-restore';
  /** Takes the rules away; fails where there are none. */
  readonly undo: string;
  /** Adds the rules; run after `undo`, or they are there twice. */
  readonly apply: string;
}

const INBOUND = 'DOT_KUBE_INBOUND';
const OUTBOUND = 'DOT_KUBE_OUTBOUND';
const JUMPS = [`PREROUTING -p tcp -j ${INBOUND}`, `OUTPUT -p tcp -j ${OUTBOUND}`];

/** The rules in the words of iptables, for nodes whose nf_tables cannot be used. */
export function iptablesRules(capture: Capture): readonly IptablesRules[] {
  return capture.families.map((family) => ({
    family,
    program: family === 'ipv4' ? 'iptables-restore' : 'ip6tables-restore',
    undo: undoText(),
    apply: applyText(family, captureOf(family, capture)),
  }));
}

/**
 * A shell script that does it: takes away what an earlier run has left, and fails unless all rules are taken. Waits for other
 * users of iptables.
 */
export function iptablesScript(capture: Capture): string {
  return iptablesRules(capture)
    .map(({ apply, program, undo }) => {
      const restore = `${program} --wait --noflush`;
      return `${restore} 2>/dev/null <<'END' || true\n${undo}END\n${restore} <<'END'\n${apply}END\n`;
    })
    .join('');
}

/** A shell script that takes the rules away; nothing happens where there are none. */
export function iptablesUndoScript(families: readonly IpFamily[]): string {
  const programs = families.map((family) => (family === 'ipv4' ? 'iptables-restore' : 'ip6tables-restore'));
  return programs
    .map((program) => `${program} --wait --noflush 2>/dev/null <<'END' || true\n${undoText()}END\n`)
    .join('');
}

function undoText(): string {
  const chains = [INBOUND, OUTBOUND];
  const lines = [
    ...JUMPS.map((jump) => `-D ${jump}`),
    ...chains.map((chain) => `-F ${chain}`),
    ...chains.map((chain) => `-X ${chain}`),
  ];
  return table(lines);
}

function applyText(family: IpFamily, capture: FamilyCapture): string {
  const { inboundPort, outboundPort, proxyUid, verification } = capture;
  const loopback = family === 'ipv4' ? '127.0.0.0/8' : '::1/128';
  const owner = `-m owner --uid-owner ${proxyUid}`;
  const passBy = (chain: string, ports: readonly string[]): readonly string[] =>
    ports.map((port) => `-A ${chain} -p tcp --dport ${port.replace('-', ':')} -j RETURN`);
  return table([
    `:${INBOUND} - [0:0]`,
    `:${OUTBOUND} - [0:0]`,
    ...JUMPS.map((jump) => `-A ${jump}`),
    `-A ${INBOUND} -i lo -j RETURN`,
    ...(verification === undefined
      ? []
      : [`-A ${INBOUND} -p tcp --dport ${verification.port} -j REDIRECT --to-ports ${verification.target}`]),
    ...passBy(INBOUND, capture.inboundPorts),
    `-A ${INBOUND} -p tcp -j REDIRECT --to-ports ${inboundPort}`,
    `-A ${OUTBOUND} -o lo ! -s ${loopback} -p tcp ${owner} -j REDIRECT --to-ports ${inboundPort}`,
    `-A ${OUTBOUND} ${owner} -j RETURN`,
    `-A ${OUTBOUND} -o lo -j RETURN`,
    ...passBy(OUTBOUND, capture.outboundPorts),
    ...capture.outboundCidrs.map((cidr) => `-A ${OUTBOUND} -d ${cidr} -j RETURN`),
    `-A ${OUTBOUND} -p tcp -j REDIRECT --to-ports ${outboundPort}`,
  ]);
}

function table(lines: readonly string[]): string {
  return `*nat\n${lines.join('\n')}\nCOMMIT\n`;
}
