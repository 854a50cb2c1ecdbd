import type { AuthorizationPolicyRuleTo, AuthorizationPolicySpec } from '../../../../operator/api/index.ts';
import type { GuardedCase } from '../wire/guarded-mesh.ts';
import { type HostReading, hostReadings, pathReadings } from './readings.ts';

const spec = (action: 'Allow' | 'Deny', to: AuthorizationPolicyRuleTo): AuthorizationPolicySpec => ({
  action,
  rules: [{ to: [to] }],
});

/** A path as the policy's documentation speaks of it; shares no code with what is tested. */
export function isPath(pattern: string, path: string): boolean {
  if (pattern === '*') return true;
  if (pattern.includes('{')) return isTemplate(pattern.split('/').slice(1), path.split('/').slice(1));
  if (pattern.startsWith('*')) return path.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function isTemplate([wanted, ...more]: readonly string[], [segment, ...rest]: readonly string[]): boolean {
  if (wanted === '{**}') return true;
  if (wanted === undefined || segment === undefined) return wanted === segment;
  return (wanted === '{*}' ? segment !== '' : segment === wanted) && isTemplate(more, rest);
}

function isHost(pattern: string, { name, port }: HostReading): boolean {
  const [wanted = '', wantedPort] = pattern.split(':');
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  return wanted.startsWith('*') ? name.endsWith(wanted.slice(1)) : name === wanted;
}

/** Denied: whatever reads as one of these must not come. */
function denied(name: string, to: AuthorizationPolicyRuleTo, isDenied: (path: string) => boolean): GuardedCase {
  return guarded(name, spec('Deny', to), (path) => !isDenied(path));
}

/** Allowed: what comes must read as nothing else. */
function allowed(name: string, to: AuthorizationPolicyRuleTo, isAllowed: (path: string) => boolean): GuardedCase {
  return guarded(name, spec('Allow', to), isAllowed);
}

function guarded(name: string, policy: AuthorizationPolicySpec, mayBe: (path: string) => boolean): GuardedCase {
  return {
    name,
    policies: [policy],
    judge: ({ target }) => {
      const wrong = [...pathReadings(target)].find((path) => !mayBe(path));
      return wrong === undefined ? undefined : `${name}: ${JSON.stringify(target)} reads as ${JSON.stringify(wrong)}`;
    },
  };
}

const any =
  (...patterns: readonly string[]) =>
  (path: string): boolean =>
    patterns.some((pattern) => isPath(pattern, path));

/** Policies about paths, each in front of an application of its own. */
export const PATH_CASES: readonly GuardedCase[] = [
  denied('deny /admin', { paths: ['/admin'] }, any('/admin')),
  denied('deny /admin*', { paths: ['/admin*'] }, any('/admin*')),
  denied('deny templates', { paths: ['/api/{*}/secret', '/private/{**}'] }, any('/api/{*}/secret', '/private/{**}')),
  denied('deny *.php and what is encoded', { paths: ['*.php', '/a|b@c'] }, any('*.php', '/a|b@c')),
  denied('deny all but /public*', { notPaths: ['/public*'] }, (path) => !isPath('/public*', path)),
  allowed('allow /public*', { paths: ['/public*'] }, any('/public*')),
  allowed('allow /public/{**} and *.css', { paths: ['/public/{**}', '*.css'] }, any('/public/{**}', '*.css')),
  allowed(
    'allow all but /admin* and *.bak',
    { notPaths: ['/admin*', '*.bak'] },
    (path) => !any('/admin*', '*.bak')(path),
  ),
];

function hostCase(name: string, policy: AuthorizationPolicySpec, mayBe: (host: HostReading) => boolean): GuardedCase {
  return {
    name,
    policies: [policy],
    judge: ({ headers }) => {
      const hosts = headers.filter(([header]) => header === 'host').map(([, value]) => value);
      const wrong = hosts.find((host) => hostReadings(host).some((reading) => !mayBe(reading)));
      return wrong === undefined ? undefined : `${name}: ${JSON.stringify(wrong)}`;
    },
  };
}

/** Policies about hosts. */
export const HOST_CASES: readonly GuardedCase[] = [
  hostCase('deny a host', spec('Deny', { hosts: ['secret.example'] }), (host) => !isHost('secret.example', host)),
  hostCase(
    'deny a host with a port',
    spec('Deny', { hosts: ['secret.example:8080'] }),
    (host) => !isHost('secret.example:8080', host),
  ),
  hostCase('allow a domain', spec('Allow', { hosts: ['*.public.example'] }), (host) =>
    isHost('*.public.example', host),
  ),
  hostCase(
    'allow all but a host',
    spec('Allow', { notHosts: ['secret.example'] }),
    (host) => !isHost('secret.example', host),
  ),
];
