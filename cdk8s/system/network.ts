/* oxlint-disable no-new -- a construct registers itself with its scope */
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { hasStandby } from './has-standby.ts';
import {
  OPERATOR,
  OPERATOR_LABELS,
  PORTS,
  STANDBY_LABELS,
  SYSTEM_NAMESPACE,
  WEBHOOK_SERVICE,
  XDS_SERVICE,
} from './names.ts';
import type { SystemValues } from './values/values.ts';

/** The Service that proxies connect to. */
export function addXdsService(scope: Construct): void {
  new k8s.KubeService(scope, 'xds-service', {
    metadata: { name: XDS_SERVICE, namespace: SYSTEM_NAMESPACE },
    spec: {
      type: 'ClusterIP',
      selector: OPERATOR_LABELS,
      // It is TLS with HTTP/2 inside, from end to end: nobody on the way should take it for something else.
      ports: [
        {
          name: 'xds',
          port: PORTS.xds,
          targetPort: k8s.IntOrString.fromString('xds'),
          protocol: 'TCP',
          appProtocol: 'tcp',
        },
      ],
    },
  });
}

/** The Service that the API server calls to inject, where that is by a webhook. */
export function addWebhookService(scope: Construct, { injection }: SystemValues): void {
  if (injection.by !== 'Webhook') return;
  new k8s.KubeService(scope, 'webhook-service', {
    metadata: { name: WEBHOOK_SERVICE, namespace: SYSTEM_NAMESPACE },
    spec: {
      type: 'ClusterIP',
      selector: OPERATOR_LABELS,
      ports: [
        {
          name: 'webhook',
          port: 443,
          targetPort: k8s.IntOrString.fromString('webhook'),
          protocol: 'TCP',
          appProtocol: 'https',
        },
      ],
    },
  });
}

/** How many replicas may be evicted at once. One that is not ready does not hold up a drain. */
export function addDisruptionBudget(scope: Construct, { podDisruptionBudget }: SystemValues): void {
  if (!podDisruptionBudget.enabled) return;
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: { name: OPERATOR, namespace: SYSTEM_NAMESPACE },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(podDisruptionBudget.maxUnavailable),
      selector: { matchLabels: OPERATOR_LABELS },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}

/**
 * Who may connect to the operator, and whom it may connect to: the other replicas and the API server, both by address, so it
 * needs no DNS.
 */
export function addNetworkPolicy(scope: Construct, values: SystemValues): void {
  const { injection, networkPolicy } = values;
  if (!networkPolicy.enabled) return;
  const { proxies, webhook, metrics, apiServerPorts } = networkPolicy;
  const replicas = [{ podSelector: { matchLabels: OPERATOR_LABELS } }];
  const ingress = ingressRules([
    { from: replicas, port: PORTS.replicas },
    { from: proxies, port: PORTS.xds },
    { from: injection.by === 'Webhook' ? webhook : [], port: PORTS.webhook },
    { from: metrics, port: PORTS.health },
    // Last, as a kustomize component adds it.
    { from: hasStandby(values) ? [{ podSelector: { matchLabels: STANDBY_LABELS } }] : [], port: PORTS.snapshots },
  ]);
  new ApiObject(scope, 'network-policy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: OPERATOR, namespace: SYSTEM_NAMESPACE },
    spec: {
      podSelector: { matchLabels: OPERATOR_LABELS },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress: [
        { ports: apiServerPorts.map((port) => ({ protocol: 'TCP', port })) },
        { to: replicas, ports: [{ protocol: 'TCP', port: PORTS.replicas }] },
      ],
    },
  });
}

/** Who may connect to each port. Nobody where no peers are named: a rule without any would let everybody in. */
export function ingressRules(ports: readonly { readonly from: readonly unknown[]; readonly port: number }[]) {
  return ports.flatMap(({ from, port }) => (from.length === 0 ? [] : [{ from, ports: [{ protocol: 'TCP', port }] }]));
}
