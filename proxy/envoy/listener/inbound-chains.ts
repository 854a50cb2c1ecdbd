import type { InboundPolicy, MeshSettings, Protocol } from '../../model/index.ts';
import { inboundHttp, type NetworkFilterInit } from '../http-connection-manager.ts';
import { inboundName, type InboundName, type Payload, serverNamePattern } from '../names.ts';
import { networkRbacFilters } from '../rbac/network-rbac.ts';
import { needRequests } from '../rbac/policies.ts';
import { tcpProxy } from '../tcp-proxy.ts';
import { downstreamTls } from '../transport-socket.ts';
import { type FilterChainInit, type FilterChainMatchInit, filterChain, HTTP_PROTOCOLS } from './filter-chain.ts';

/** A port that takes connections in, and what holds for it. */
export interface Intake {
  readonly port: InboundName;
  readonly protocol: Protocol;
  readonly policy: InboundPolicy;
}

/** Whether a decision about the port may be hidden by sending opaque bytes, so that only HTTP may pass. */
function onlyHttp({ protocol, policy }: Intake): boolean {
  return protocol !== 'tcp' && (protocol !== 'sniff' || needRequests(policy.authorization));
}

/**
 * Whether plain text is looked at to tell HTTP from other bytes. It is too where that decides nothing: if a policy changed it,
 * the policy would close every connection of the pod.
 */
export function sniffsHttp({ protocol }: Intake): boolean {
  return protocol === 'sniff';
}

/** Whether connections have to be looked at to tell TLS, and whose it is. */
export function sniffsTls({ protocol, policy }: Intake): boolean {
  return policy.mtls !== 'disabled' || protocol !== 'tcp';
}

/**
 * The chains of one port. `strict` has none for what is not mesh mTLS, `disabled` none for what is; the application's own TLS
 * is passed through, unless a policy asks for something of HTTP, which it would hide.
 */
export function inboundChains(
  intake: Intake,
  match: FilterChainMatchInit,
  { trustDomain }: MeshSettings,
): FilterChainInit[] {
  const { mtls } = intake.policy;
  return [
    ...(mtls === 'disabled' ? [] : meshChains(intake, match, trustDomain)),
    ...(mtls === 'strict' ? [] : openChains(intake, match)),
  ];
}

function meshChains(intake: Intake, match: FilterChainMatchInit, trustDomain: string): FilterChainInit[] {
  const chain = (payload: Payload, filters: readonly NetworkFilterInit[]) =>
    filterChain(
      `${inboundName(intake.port)}/mtls-${payload}`,
      { ...match, transportProtocol: 'tls', serverNames: [serverNamePattern(payload)] },
      filters,
      downstreamTls(trustDomain),
    );
  return [
    ...(intake.protocol === 'tcp' ? [] : [chain('http', http(intake))]),
    ...(onlyHttp(intake) ? [] : [chain('tcp', tcp(intake))]),
  ];
}

function openChains(intake: Intake, match: FilterChainMatchInit): FilterChainInit[] {
  const name = inboundName(intake.port);
  if (intake.protocol === 'tcp') return [filterChain(`${name}/tcp`, match, tcp(intake))];
  const plaintext = { ...match, transportProtocol: 'raw_buffer' };
  const passed = needRequests(intake.policy.authorization)
    ? []
    : [filterChain(`${name}/tls`, { ...match, transportProtocol: 'tls' }, tcp(intake))];
  if (onlyHttp(intake)) return [filterChain(`${name}/http`, plaintext, http(intake)), ...passed];
  return [
    filterChain(`${name}/http`, { ...plaintext, applicationProtocols: HTTP_PROTOCOLS }, http(intake)),
    filterChain(`${name}/tcp`, plaintext, tcp(intake)),
    ...passed,
  ];
}

function http({ port }: Intake): readonly NetworkFilterInit[] {
  return [inboundHttp(inboundName(port))];
}

function tcp({ port, policy }: Intake): readonly NetworkFilterInit[] {
  return [...networkRbacFilters(policy.authorization), tcpProxy('inbound', inboundName(port))];
}
