import { proxySyncs } from '../controllers/proxies/proxy-sync.ts';
import { keyOfObject } from '../framework/api/object.ts';
import type { Clock } from '../framework/clock.ts';
import type { Operator } from '../operator.ts';
import { isReady, isTerminating } from './cluster/pod-state.ts';
import type { LocalStores } from './local-stores.ts';
import type { LocalPod } from './cluster/kinds.ts';
import type { LocalNode } from './pods/local-node.ts';
import type { RunningPod } from './pods/running-pod.ts';
import { ADMIN_PORT } from './pods/sidecar.ts';
import type { RunDirectory } from './run/run-directory.ts';
import type { Questions } from './status/local-server.ts';
import { objectStatuses, type ReplicaReport, type StatusReport } from './status/status-report.ts';
import type { TrafficRow, TrafficWindow } from './traffic/traffic-window.ts';

/** Where a Service can be called from the terminal. */
export interface ServiceReport {
  /** `namespace/name`. */
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly address: string }[];
}

/** What can be seen of a running mesh. */
export interface MeshView {
  readonly runDirectory: string;
  status(): StatusReport;
  traffic(): readonly TrafficRow[];
  replicas(): readonly ReplicaReport[];
  services(): readonly ServiceReport[];
  /** The same over the socket. */
  readonly questions: Questions;
}

/** What a view looks at. */
export interface MeshViewOptions {
  readonly run: RunDirectory;
  readonly stores: LocalStores;
  readonly node: LocalNode;
  readonly operator: Operator;
  readonly traffic: TrafficWindow;
  readonly clock: Clock;
}

/** What can be seen of a running mesh. */
export function meshView({ clock, node, operator, run, stores, traffic }: MeshViewOptions): MeshView {
  const status = (): StatusReport => ({
    objects: objectStatuses(stores.policies.flatMap((store) => store.list())),
    proxies: proxySyncs(
      node.pods.filter(({ meshed }) => meshed).map(({ pod }) => keyOfObject(pod)),
      operator.proxies(),
      operator.quarantined(),
    ),
    replicas: replicaReports(node, stores),
  });
  const rows = (): readonly TrafficRow[] => traffic.rows(clock.monotonic());
  const replicas = (): readonly ReplicaReport[] => replicaReports(node, stores);
  const services = (): readonly ServiceReport[] => serviceReports(node, stores);
  return {
    runDirectory: run.path,
    status,
    traffic: rows,
    replicas,
    services,
    questions: {
      '/v1/status': status,
      '/v1/traffic': rows,
      '/v1/replicas': replicas,
      '/v1/services': services,
    },
  };
}

function replicaReports(node: LocalNode, stores: LocalStores): readonly ReplicaReport[] {
  const running = new Map(node.pods.map((pod) => [keyOfObject(pod.pod), pod]));
  const reports = stores.pods.list().map((pod) => replicaReport(pod, running.get(keyOfObject(pod))));
  return reports.sort((a, b) => (a.pod < b.pod ? -1 : 1));
}

function replicaReport(pod: LocalPod, running: RunningPod | undefined): ReplicaReport {
  const conditions = pod.status?.conditions as readonly { type: string; message?: string }[] | undefined;
  const admin = running?.meshed === true ? { admin: `${running.addresses.admin}:${ADMIN_PORT}` } : {};
  return {
    pod: keyOfObject(pod),
    ready: isReady(pod),
    terminating: isTerminating(pod),
    why: conditions?.find(({ type }) => type === 'Ready')?.message ?? '',
    meshed: running?.meshed ?? false,
    labels: pod.metadata.labels ?? {},
    address: running?.addresses.pod ?? '',
    application: applicationAddress(pod, running),
    ...admin,
    processes: running?.processes ?? [],
  };
}

function applicationAddress(pod: LocalPod, running: RunningPod | undefined): string {
  const { host = '', port = pod.spec?.containers?.[0]?.ports?.[0]?.containerPort } = running?.listening ?? {};
  return port === undefined ? host : `${host}:${port}`;
}

function serviceReports(node: LocalNode, stores: LocalStores): readonly ServiceReport[] {
  const reports = stores.services.list().map((service): ServiceReport => {
    const key = keyOfObject(service);
    const ports = (service.spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
    return {
      service: key,
      ports: ports.map(({ name = '', port }) => ({ name, address: node.terminalAddress(key, port) })),
    };
  });
  return reports.sort((a, b) => (a.service < b.service ? -1 : 1));
}
