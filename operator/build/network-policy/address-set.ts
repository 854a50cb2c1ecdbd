import { canonicalAddress } from '../address.ts';
import { bitsOf, cidrOf } from '../cidr.ts';

/** Addresses of one family from the first to the last, as numbers. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses of both families: spans that are sorted and do not touch. */
export interface AddressSet {
  readonly ipv4: readonly Span[];
  readonly ipv6: readonly Span[];
}

/** A block as NetworkPolicies write it: a CIDR, without some that are inside of it. */
export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

type Bits = 32 | 128;

/** No address. */
export const NO_ADDRESS: AddressSet = { ipv4: [], ipv6: [] };
/** Every address. */
export const EVERYWHERE: AddressSet = { ipv4: [whole(32)], ipv6: [whole(128)] };

/** The addresses of blocks; a text that is no block has none. */
export function addressesOf(blocks: readonly string[]): AddressSet {
  const spans: Record<Bits, Span[]> = { 32: [], 128: [] };
  for (const text of blocks) {
    const [address = '', length = ''] = (cidrOf(text) ?? '').split('/');
    const bits = bitsOf(address);
    if (bits === undefined) continue;
    const rest = BigInt(bits - Number(length));
    // IPv4 in the form of IPv6: no connection comes from there, and NetworkPolicies refuse it.
    if (bits === 128 && rest <= 32n && numberOf(address, bits) >> 32n === 0xffffn) continue;
    const first = (numberOf(address, bits) >> rest) << rest;
    spans[bits].push({ first, last: first + (1n << rest) - 1n });
  }
  return { ipv4: merged(spans[32]), ipv6: merged(spans[128]) };
}

export function union(sets: readonly AddressSet[]): AddressSet {
  return { ipv4: merged(sets.flatMap(({ ipv4 }) => ipv4)), ipv6: merged(sets.flatMap(({ ipv6 }) => ipv6)) };
}

/** What is in `from` and not in `set`. */
export function without(from: AddressSet, set: AddressSet): AddressSet {
  return { ipv4: subtracted(from.ipv4, set.ipv4), ipv6: subtracted(from.ipv6, set.ipv6) };
}

export function intersection(a: AddressSet, b: AddressSet): AddressSet {
  return without(a, without(a, b));
}

export function isEmpty({ ipv4, ipv6 }: AddressSet): boolean {
  return ipv4.length + ipv6.length === 0;
}

export function isEverywhere(set: AddressSet): boolean {
  return isEmpty(without(EVERYWHERE, set));
}

/** The set in few blocks, sorted. */
export function blocksOf({ ipv4, ipv6 }: AddressSet): readonly IpBlock[] {
  return [...blocksIn(whole(32), ipv4, 32), ...blocksIn(whole(128), ipv6, 128)];
}

/** The network of an address, as wide as those that nodes give their pods from: /24, or /64 of IPv6. */
export function networkOf(address: string): string | undefined {
  const bits = bitsOf(address);
  if (bits === undefined) return undefined;
  const rest = bits === 32 ? 8n : 64n;
  const first = (numberOf(address, bits) >> rest) << rest;
  return cidrText({ first, last: first + (1n << rest) - 1n }, bits);
}

/** A block that is whole, or what its halves have, or all of it but what is missing: whichever is shorter. */
function blocksIn(block: Span, spans: readonly Span[], bits: Bits): readonly IpBlock[] {
  const inside = subtracted([block], subtracted([block], spans));
  if (inside.length === 0) return [];
  const cidr = cidrText(block, bits);
  const missing = subtracted([block], inside);
  if (missing.length === 0) return [{ cidr }];
  const halves = halvesOf(block).flatMap((half) => blocksIn(half, inside, bits));
  const except = cidrsIn(block, missing, bits);
  return except.length + 1 < sizeOf(halves) ? [{ cidr, except }] : halves;
}

/** How many CIDRs blocks are written with. */
function sizeOf(blocks: readonly IpBlock[]): number {
  return blocks.reduce((sum, { except }) => sum + 1 + (except?.length ?? 0), 0);
}

function cidrsIn(block: Span, spans: readonly Span[], bits: Bits): readonly string[] {
  const missing = subtracted([block], spans);
  if (missing.length === 0) return [cidrText(block, bits)];
  if (subtracted([block], missing).length === 0) return [];
  return halvesOf(block).flatMap((half) => cidrsIn(half, spans, bits));
}

function halvesOf({ first, last }: Span): readonly Span[] {
  const middle = first + (last - first) / 2n;
  return [
    { first, last: middle },
    { first: middle + 1n, last },
  ];
}

function merged(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => compare(a.first, b.first))) {
    const last = found.at(-1);
    if (last === undefined || span.first > last.last + 1n) found.push(span);
    else if (span.last > last.last) found[found.length - 1] = { first: last.first, last: span.last };
  }
  return found;
}

function subtracted(from: readonly Span[], spans: readonly Span[]): readonly Span[] {
  return spans.reduce<readonly Span[]>(
    (left, { first, last }) =>
      left.flatMap((span) => {
        if (span.last < first || span.first > last) return [span];
        return [
          { first: span.first, last: first - 1n },
          { first: last + 1n, last: span.last },
        ].filter((piece) => piece.first <= piece.last);
      }),
    from,
  );
}

function whole(bits: Bits): Span {
  return { first: 0n, last: (1n << BigInt(bits)) - 1n };
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function numberOf(address: string, bits: Bits): bigint {
  if (bits === 32) return address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  return groupsOf(canonicalAddress(address)).reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** The eight groups of an IPv6 address in its shortest form. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((text) => (text === '' ? [] : text.split(':')));
  const middle = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array.from({ length: middle }, () => '0'), ...(after ?? [])];
}

function cidrText({ first, last }: Span, bits: Bits): string {
  const length = bits + 1 - (last - first + 1n).toString(2).length;
  const size = bits === 32 ? 8n : 16n;
  const parts = Array.from({ length: bits / Number(size) }, (_, index) => {
    return (first >> (BigInt(bits) - size * BigInt(index + 1))) & ((1n << size) - 1n);
  });
  if (bits === 32) return `${parts.join('.')}/${length}`;
  return `${canonicalAddress(parts.map((part) => part.toString(16)).join(':'))}/${length}`;
}
