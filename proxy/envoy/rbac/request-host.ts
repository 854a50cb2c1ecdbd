import type { HostMatch } from '../../model/index.ts';
import { escapeRegex, regexMatch } from '../string-match.ts';
import { type Breadth, doubted } from './breadth.ts';
import { ANYTHING, header, type PrincipalInit } from './principal.ts';

/** Neither a name nor an address with a port: with user information, or percent-encoded, it is another host to those who decode it. */
const DOUBTFUL = authority('.*[^A-Za-z0-9._:\\[\\]-].*');

/**
 * Without case; with any port, or the one that is given, which stands for none too when it is HTTP's own; with or without the
 * dot that ends a full name.
 */
export function requestHost(match: HostMatch, breadth: Breadth): PrincipalInit {
  if (match.kind === 'any' && match.port === undefined) return ANYTHING;
  const named = authority(`(?i)${hostName(match)}${hostPort(match.port)}`);
  return match.kind === 'exact' && breadth === 'narrow' ? named : doubted(named, DOUBTFUL, breadth);
}

function authority(regex: string): PrincipalInit {
  return header({ name: ':authority', headerMatchSpecifier: { case: 'stringMatch', value: regexMatch(regex) } });
}

function hostName(match: HostMatch): string {
  switch (match.kind) {
    case 'any':
      return '.*';
    case 'exact':
      return `${escapeRegex(match.value)}\\.?`;
    case 'prefix':
      return `${escapeRegex(match.value)}.*`;
    case 'suffix':
      return `.*${escapeRegex(match.value)}\\.?`;
  }
}

/** A port is a number: zeros before it change nothing. */
function hostPort(port: number | undefined): string {
  if (port === undefined) return '(:[0-9]*)?';
  return port === 80 ? '(:(0*80)?)?' : `:0*${port}`;
}
