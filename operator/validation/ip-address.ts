import { isIPv4, isIPv6 } from 'node:net';

/** Whether the API server's CEL function `isIP` takes a text: no zone, and no IPv4 address in the form of an IPv6 one. */
export function isIp(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes('%') && !isMapped(text));
}

/** Whether the API server's CEL function `isCIDR` takes a text. Bits beyond the prefix may be set. */
export function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^(.*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  return isIp(address) && Number(bits) <= (isIPv4(address) ? 32 : 128);
}

/** Whether an IPv6 address is one of ::ffff:0:0/96. */
function isMapped(text: string): boolean {
  const [head = '', tail] = text.toLowerCase().split('::', 2);
  const groups = (part: string) =>
    part
      .split(':')
      .filter((group) => group !== '')
      .flatMap(groupsOf);
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return all.slice(0, 5).every((group) => group === 0) && all[5] === 0xffff;
}

/** An IPv4 address at the end stands for two groups. */
function groupsOf(group: string): readonly number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
