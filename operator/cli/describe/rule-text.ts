import type { OperationMatch, PrincipalMatch, SourceMatch } from '@dot-kube/proxy/model';

/** Callers in words: any of these. */
export function sourcesText(from: readonly SourceMatch[]): string {
  return from.length === 0 ? 'anybody' : from.map(sourceText).join(' or ');
}

function sourceText({ ipBlocks, notIpBlocks, notPrincipals, principals }: SourceMatch): string {
  return [
    ...principals.map((group) => group.map(principalText).join(' or ')),
    ...notPrincipals.map((principal) => `not ${principalText(principal)}`),
    ...(ipBlocks.length === 0 ? [] : [`from ${ipBlocks.join(' or ')}`]),
    ...notIpBlocks.map((block) => `not from ${block}`),
  ].join(' and ');
}

function principalText(principal: PrincipalMatch): string {
  switch (principal.kind) {
    case 'any-authenticated':
      return 'any identity of the mesh';
    case 'exact': {
      const [, namespace, account] = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal.value) ?? [];
      return account === undefined ? principal.value : `${namespace}/${account}`;
    }
    case 'prefix': {
      const [, namespace] = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/$/.exec(principal.value) ?? [];
      return namespace === undefined ? `${principal.value}*` : `namespace ${namespace}`;
    }
    case 'suffix':
      return `*${principal.value}`;
    case 'namespace-suffix':
      return `namespace *${principal.value}`;
  }
}

/** Requests in words: any of these. */
export function operationText(to: readonly OperationMatch[]): string {
  return to.length === 0 ? 'anything' : to.map(oneText).join(' or ');
}

function oneText(to: OperationMatch): string {
  const values = (list: readonly { readonly kind: string; readonly value?: string }[]): string =>
    list
      .map(({ kind, value = '' }) =>
        kind === 'prefix' || kind === 'starts-with'
          ? `${value}*`
          : kind === 'suffix'
            ? `*${value}`
            : kind === 'any'
              ? '*'
              : value,
      )
      .join(' or ');
  return [
    ...(to.methods.length === 0 ? [] : [to.methods.join(' or ')]),
    ...(to.notMethods.length === 0 ? [] : [`not ${to.notMethods.join(' or ')}`]),
    ...(to.paths.length === 0 ? [] : [values(to.paths)]),
    ...(to.notPaths.length === 0 ? [] : [`not ${values(to.notPaths)}`]),
    ...(to.grpc ?? []).map(({ method = '*', service }) => `gRPC ${service}/${method}`),
    ...(to.hosts.length === 0 ? [] : [`at ${values(to.hosts)}`]),
    ...(to.notHosts.length === 0 ? [] : [`not at ${values(to.notHosts)}`]),
    ...to.headers.map(
      ({ match, name, negate }) =>
        `${negate === true ? 'not ' : ''}with ${name}${'value' in match ? `: ${match.value}` : ''}`,
    ),
  ].join(' ');
}
