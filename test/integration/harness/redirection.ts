import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What is redirected where in a pod's network namespace. */
export interface Redirection {
  /** All TCP that others send to the pod goes to this port. */
  readonly inboundPort: number;
  /** All TCP that the pod sends to others goes to this port … */
  readonly outboundPort: number;
  /** … but for what this group sends; what it sends to the pod itself comes in as from others. */
  readonly exceptGroup: number;
}

/** Python, as Node.js has no netlink sockets. It waits for as many answers as there are messages that ask for one. */
const SENDER = `
import socket, struct, sys
wanted = int(sys.argv[1])
sent = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
sent.settimeout(5)
sent.bind((0, 0))
sent.send(sys.stdin.buffer.read())
while wanted > 0:
    answer = sent.recv(65536)
    while len(answer) >= 16:
        length, kind = struct.unpack_from("=IH", answer)
        if kind == 2:
            error = struct.unpack_from("=i", answer, 16)[0]
            if error != 0: sys.exit("nf_tables: error %d" % -error)
            wanted -= 1
        answer = answer[(length + 3) & ~3:]
`;

/**
 * Redirects a pod's connections to its proxy as an init container would, by the NAT of nf_tables; spoken over netlink, so that
 * neither iptables nor nft need be installed. `enter` is a command line that runs others in the pod's network namespace.
 */
export async function redirect(enter: readonly [string, ...string[]], redirection: Redirection): Promise<void> {
  const { bytes, answers } = rulesOf(redirection);
  const [command, ...args] = [...enter, 'python3', '-c', SENDER, String(answers)];
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(bytes);
  const [code, words] = await Promise.all([ended, text(child.stderr)]);
  if (code !== 0) throw new Error(`the pod's connections cannot be redirected: ${words.trim()}`);
}

const TABLE = 'dot-kube';
const IPV4 = 2;
const TCP = 6;
const META = { oif: 5, skgid: 11, l4proto: 16 } as const;
const LOOPBACK = Buffer.from(Uint32Array.of(1).buffer);
/** Offset in the header of IPv4. */
const ADDRESS = { source: 12, destination: 16 } as const;
const HOOK = { prerouting: 0, output: 3 } as const;
const DSTNAT = -100;

/** One batch of nf_tables messages (linux/netfilter/nf_tables.h): a table, two chains, a rule in each. */
function rulesOf({ inboundPort, outboundPort, exceptGroup }: Redirection): { bytes: Buffer; answers: number } {
  const tcp = [meta(META.l4proto), compare('==', Buffer.of(TCP))];
  const group = Buffer.from(Uint32Array.of(exceptGroup).buffer);
  const messages = [
    message(0, 0x400, [string(1, TABLE)]),
    chain('output', HOOK.output),
    chain('prerouting', HOOK.prerouting),
    rule('output', [
      ...tcp,
      meta(META.skgid),
      compare('!=', group),
      // What does not leave the pod is the application's own affair.
      meta(META.oif),
      compare('!=', LOOPBACK),
      ...redirectTo(outboundPort),
    ]),
    // The proxy calls the application that it stands for, which has called itself; see INBOUND_SOURCE for the exception.
    rule('output', [
      ...tcp,
      meta(META.skgid),
      compare('==', group),
      meta(META.oif),
      compare('==', LOOPBACK),
      ...firstByteIsNot127(ADDRESS.destination),
      ...firstByteIsNot127(ADDRESS.source),
      ...redirectTo(inboundPort),
    ]),
    rule('prerouting', [...tcp, ...redirectTo(inboundPort)]),
  ];
  const begin = netlink(0x10, 1, Buffer.of(0, 0, 0, 10));
  const end = netlink(0x11, 1, Buffer.of(0, 0, 0, 10));
  return { bytes: Buffer.concat([begin, ...messages, end]), answers: messages.length };
}

function chain(name: string, hook: number): Buffer {
  const where = nested(4, [number(1, hook), number(2, DSTNAT)]);
  return message(3, 0x400, [string(1, TABLE), string(3, name), where, string(7, 'nat')]);
}

function rule(chainName: string, expressions: readonly Buffer[]): Buffer {
  return message(6, 0x400 | 0x800, [string(1, TABLE), string(2, chainName), nested(4, expressions)]);
}

function meta(key: number): Buffer {
  return expression('meta', [number(1, 1), number(2, key)]);
}

function compare(operator: '==' | '!=', value: Buffer): Buffer {
  return expression('cmp', [number(1, 1), number(2, operator === '==' ? 0 : 1), nested(3, [attribute(1, value)])]);
}

function firstByteIsNot127(offset: number): readonly Buffer[] {
  const load = expression('payload', [number(1, 1), number(2, 1), number(3, offset), number(4, 1)]);
  return [load, compare('!=', Buffer.of(127))];
}

function redirectTo(port: number): readonly Buffer[] {
  const value = Buffer.alloc(2);
  value.writeUInt16BE(port);
  return [
    expression('immediate', [number(1, 1), nested(2, [attribute(1, value)])]),
    expression('redir', [number(1, 1)]),
  ];
}

function expression(name: string, data: readonly Buffer[]): Buffer {
  return nested(1, [string(1, name), nested(2, data)]);
}

/** A message of nf_tables that asks for an answer. */
function message(kind: number, flags: number, attributes: readonly Buffer[]): Buffer {
  return netlink((10 << 8) | kind, 1 | 4 | flags, Buffer.concat([Buffer.of(IPV4, 0, 0, 0), ...attributes]));
}

function netlink(type: number, flags: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  return Buffer.concat([header, body]);
}

function nested(type: number, children: readonly Buffer[]): Buffer {
  return attribute(type | 0x8000, Buffer.concat(children));
}

function string(type: number, value: string): Buffer {
  return attribute(type, Buffer.from(`${value}\0`));
}

function number(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return attribute(type, bytes);
}

/** Length, type and value, padded to a multiple of four. */
function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + value.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}
