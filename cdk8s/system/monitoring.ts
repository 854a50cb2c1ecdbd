/* oxlint-disable no-new -- a construct registers itself with its scope */
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { OPERATOR, OPERATOR_LABELS, PORTS, SYSTEM_NAMESPACE } from './names.ts';
import type { SystemValues } from './values/values.ts';

const METRICS = `${OPERATOR}-metrics`;

/** Which Service a ServiceMonitor is about; the xDS Service has no such label. */
const METRICS_LABELS = { ...OPERATOR_LABELS, 'dot-kube.io/service': 'metrics' };

/** What the Prometheus operator scrapes the replicas by, where that is asked for. */
export function addMonitors(scope: Construct, { podMonitor, serviceMonitor }: SystemValues): void {
  if (podMonitor.enabled) {
    new ApiObject(scope, 'pod-monitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: OPERATOR, namespace: SYSTEM_NAMESPACE, labels: podMonitor.labels },
      spec: {
        selector: { matchLabels: OPERATOR_LABELS },
        podMetricsEndpoints: [{ port: 'health', path: '/metrics', interval: podMonitor.interval }],
      },
    });
  }
  if (serviceMonitor.enabled) {
    addMetricsService(scope);
    new ApiObject(scope, 'service-monitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: OPERATOR, namespace: SYSTEM_NAMESPACE, labels: serviceMonitor.labels },
      spec: {
        selector: { matchLabels: METRICS_LABELS },
        endpoints: [{ port: 'health', path: '/metrics', interval: serviceMonitor.interval }],
      },
    });
  }
}

function addMetricsService(scope: Construct): void {
  new k8s.KubeService(scope, 'metrics-service', {
    metadata: { name: METRICS, namespace: SYSTEM_NAMESPACE, labels: METRICS_LABELS },
    spec: {
      clusterIp: 'None',
      selector: OPERATOR_LABELS,
      ports: [
        { name: 'health', port: PORTS.health, targetPort: k8s.IntOrString.fromString('health'), protocol: 'TCP' },
      ],
    },
  });
}
