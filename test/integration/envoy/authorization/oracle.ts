import type {
  AuthorizationPolicy,
  AuthorizationRule,
  HeaderMatch,
  HostMatch,
  OperationMatch,
  PathMatch,
  PrincipalMatch,
  SourceMatch,
} from '@dot-kube/proxy/model';

/** A request, as the policies' documentation speaks of it. */
export interface Asked {
  /** SPIFFE URI of the peer; undefined in plain text. */
  readonly peer: string | undefined;
  readonly address: string;
  readonly method: string;
  /** As the application sees it, without its query. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is right, by reading the policies as sentences; shares no code with what is tested. */
export interface Verdict {
  readonly allowed: boolean;
  /** Names of what may be given as the reason of a refusal. */
  readonly refusals: readonly string[];
  readonly allows: readonly string[];
  readonly audits: readonly string[];
  readonly dryRefusals: readonly string[];
}

export function judge(policies: readonly AuthorizationPolicy[], asked: Asked): Verdict {
  const fitting = (action: string, mode: string | undefined, strictly: boolean) =>
    policies
      .filter((policy) => policy.action === action && (mode === undefined || policy.mode === mode))
      .flatMap((policy) =>
        policy.rules
          .filter((rule) => fits(rule, asked, strictly))
          .map((rule) => `${action}:${policy.source.namespace}/${policy.source.name}[${rule.name}]`),
      );
  const closing = (list: readonly AuthorizationPolicy[], allows: readonly string[]) =>
    list.length > 0 && allows.length === 0
      ? [
          `no-allow:${list
            .map(({ source }) => `${source.namespace}/${source.name}`)
            .sort()
            .join(',')}`,
        ]
      : [];
  const enforced = policies.filter(({ action, mode }) => action === 'allow' && mode === 'enforce');
  const tried = policies.filter(({ action, mode }) => action === 'allow' && mode === 'dry-run');
  const allows = fitting('allow', 'enforce', true);
  const refusals = [...fitting('deny', 'enforce', false), ...closing(enforced, allows)];
  return {
    allowed: refusals.length === 0,
    refusals,
    allows,
    audits: fitting('audit', undefined, false),
    dryRefusals: [
      ...fitting('deny', 'dry-run', false),
      ...(tried.length > 0 ? closing([...enforced, ...tried], [...allows, ...fitting('allow', 'dry-run', true)]) : []),
    ],
  };
}

function fits(rule: AuthorizationRule, asked: Asked, strictly: boolean): boolean {
  const from = rule.from.length === 0 || rule.from.some((source) => comesFrom(source, asked, strictly));
  return from && (rule.to.length === 0 || rule.to.some((to) => isFor(to, asked, strictly)));
}

/** `strictly`: whoever has no identity cannot be said not to be somebody. */
function comesFrom(source: SourceMatch, { peer, address }: Asked, strictly: boolean): boolean {
  if (!source.principals.every((group) => group.length === 0 || group.some((match) => isPrincipal(match, peer))))
    return false;
  if (source.notPrincipals.length > 0) {
    if (strictly && peer === undefined) return false;
    if (source.notPrincipals.some((match) => isPrincipal(match, peer))) return false;
  }
  if (source.ipBlocks.length > 0 && !source.ipBlocks.some((block) => isInside(address, block))) return false;
  return !source.notIpBlocks.some((block) => isInside(address, block));
}

function isPrincipal(match: PrincipalMatch, peer: string | undefined): boolean {
  if (peer === undefined) return false;
  if (match.kind === 'any-authenticated') return true;
  if (match.kind === 'exact') return peer === match.value;
  if (match.kind === 'prefix') return peer.startsWith(match.value);
  if (match.kind === 'suffix') return peer.endsWith(match.value);
  const [, , trustDomain, , namespace = ''] = peer.split('/');
  return trustDomain === match.trustDomain && namespace.endsWith(match.value);
}

/** IPv4 alone. */
function isInside(address: string, block: string): boolean {
  const [base = '', length = '32'] = block.split('/');
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

/** Parameters of a segment may be a part of its name or not: strictly, in favour of whoever refuses. */
function isFor(to: OperationMatch, asked: Asked, strictly: boolean): boolean {
  const bare = asked.path.replaceAll(/;[^/]*/g, '');
  const mayBe = (path: PathMatch) => isPath(path, asked.path) || isPath(path, bare);
  const is = (path: PathMatch) => isPath(path, asked.path);
  const anyOf = <T>(list: readonly T[], fitting: (entry: T) => boolean) => list.length === 0 || list.some(fitting);
  return (
    anyOf(to.hosts, (host) => isHost(host, asked.host)) &&
    !to.notHosts.some((host) => isHost(host, asked.host)) &&
    anyOf(to.methods, (method) => method === asked.method) &&
    !to.notMethods.includes(asked.method) &&
    anyOf(to.paths, strictly ? is : mayBe) &&
    !to.notPaths.some(strictly ? mayBe : is) &&
    to.headers.every((header) => hasHeader(header, asked.headers)) &&
    anyOf(to.grpc ?? [], ({ service, method }) => {
      const [, first, second, ...rest] = asked.path.split('/');
      return (
        first === service && second !== undefined && (method === undefined || (second === method && rest.length === 0))
      );
    })
  );
}

function isHost(match: HostMatch, host: string): boolean {
  const lower = host.toLowerCase();
  const colon = lower.indexOf(':');
  const [named, port] = colon < 0 ? [lower, undefined] : [lower.slice(0, colon), Number(lower.slice(colon + 1))];
  const name = named.endsWith('.') ? named.slice(0, -1) : named;
  if (match.port !== undefined && match.port !== (port ?? 80)) return false;
  if (match.kind === 'any') return true;
  if (match.kind === 'exact') return name === match.value;
  return match.kind === 'prefix' ? name.startsWith(match.value) : name.endsWith(match.value);
}

function isPath(match: PathMatch, path: string): boolean {
  switch (match.kind) {
    case 'any':
      return true;
    case 'exact':
      return path === match.value;
    case 'starts-with':
      return path.startsWith(match.value);
    case 'suffix':
      return path.endsWith(match.value);
    case 'prefix': {
      const wanted = match.value.split('/').filter((segment) => segment !== '');
      const segments = path.split('/').slice(1);
      return wanted.every((segment, index) => segments[index] === segment);
    }
    case 'template': {
      const wanted = match.value.split('/').slice(1);
      const segments = path.split('/').slice(1);
      const open = wanted.at(-1) === '{**}';
      const fixed = open ? wanted.slice(0, -1) : wanted;
      if (open ? segments.length < fixed.length : segments.length !== fixed.length) return false;
      return fixed.every((segment, index) =>
        segment === '{*}' ? segments[index] !== '' : segments[index] === segment,
      );
    }
  }
}

function hasHeader({ name, match, negate = false }: HeaderMatch, headers: Asked['headers']): boolean {
  const value = headers[name.toLowerCase()];
  const has = () => {
    if (value === undefined) return false;
    if (match.kind === 'present') return true;
    if (match.kind === 'exact') return value === match.value;
    if (match.kind === 'prefix') return value.startsWith(match.value);
    return match.kind === 'suffix' ? value.endsWith(match.value) : value.includes(match.value);
  };
  return has() !== negate;
}
