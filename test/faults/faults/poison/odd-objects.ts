import type { KubernetesObject } from '../../../../operator/framework/index.ts';
import { SHOP } from '../../harness/shop-objects.ts';

/** What an API server takes of Services, EndpointSlices and Pods, and nobody means; all of it beside what is called. */
export function oddObjects(namespace: string): readonly KubernetesObject[] {
  const service = (name: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec,
  });
  const slice = (name: string, of: string, rest: object) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name, labels: { 'kubernetes.io/service-name': of } },
    ...rest,
  });
  const pod = (
    name: string,
    { labels = {}, annotations = {} }: { labels?: object; annotations?: object },
    status: object,
  ) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels, annotations: { 'mesh.dot-kube.io/status': 'injected', ...annotations } },
    spec: { serviceAccountName: 'odd', containers: [{ name: 'app', image: 'app' }] },
    status,
  });
  const many = Array.from({ length: 100 }, (_, index) => ({
    name: `p${index}`,
    port: 1000 + index,
    targetPort: `t${index}`,
  }));
  const udp = { name: 'dns', port: 53, protocol: 'UDP' };
  const http = { name: 'http', port: 8080, protocol: 'TCP' };
  return [
    service('no-ports', { clusterIP: 'None', selector: { app: 'odd' } }),
    service('many-ports', { selector: { app: 'odd' }, ports: many }),
    service('udp', { selector: { app: 'odd' }, ports: [udp] }),
    service('words', { selector: { constructor: 'a' }, ports: [{ ...http, appProtocol: 'example.com/constructor' }] }),
    service('elsewhere', { type: 'ExternalName', externalName: 'no-such-host.invalid' }),
    slice('nobody', 'no-such-service', {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.252.0.1'] }],
      ports: [http],
    }),
    slice('names', 'udp', { addressType: 'FQDN', endpoints: [{ addresses: ['example.com'] }], ports: [http] }),
    slice('six', 'words', { addressType: 'IPv6', endpoints: [{ addresses: ['fd00::7'] }], ports: [http] }),
    slice('no-ports', 'words', { addressType: 'IPv4', endpoints: [{ addresses: ['10.252.0.2'] }], ports: [] }),
    slice('any-port', 'words', { addressType: 'IPv4', endpoints: [{ addresses: ['10.252.0.3'] }], ports: [{}] }),
    slice('twice', 'words', {
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.252.0.4'], targetRef: { kind: 'Pod', namespace: SHOP, name: 'catalog-0' } },
        { addresses: ['10.252.0.4'], conditions: { ready: false }, targetRef: { kind: 'Node', name: 'no-such-node' } },
      ],
      ports: [http],
    }),
    pod('no-address', {}, { phase: 'Running' }),
    pod('six', {}, { phase: 'Running', podIP: 'fd00::9', podIPs: [{ ip: 'fd00::9' }] }),
    pod(
      'words',
      { labels: { constructor: 'hasOwnProperty', toString: '' }, annotations: { 'mesh.dot-kube.io/x': '{' } },
      { phase: 'Running', podIP: '10.252.0.9', podIPs: [{ ip: '10.252.0.9' }] },
    ),
    pod(
      'ended',
      { labels: { app: 'catalog' } },
      { phase: 'Failed', podIP: '10.252.0.10', podIPs: [{ ip: '10.252.0.10' }] },
    ),
  ];
}
