import {
  isProgrammed,
  type ObjectStatus,
  type ProxySync,
  type ReplicaReport,
  type StatusReport,
} from '../../local/status/status-report.ts';
import { paint, type Palette, type Style } from '../../local/terminal/palette.ts';
import { type Cell, type Row, table } from '../../local/terminal/table.ts';

/** Whether all objects are in force and all proxies have what they are to have. */
export function isWell({ objects, proxies = [] }: StatusReport): boolean {
  return (
    objects.every(isProgrammed) &&
    proxies.every(({ connected, types }) => connected && types.every(({ state }) => state === 'SYNCED'))
  );
}

/** The report as tables. */
export function statusText(report: StatusReport, palette: Palette): string {
  const { notes = [], objects, proxies, replicas } = report;
  const objectTable =
    objects.length === 0
      ? [paint(palette, 'dim', 'no MeshPolicy, TrafficSplit or AuthorizationPolicy')]
      : table(OBJECT_COLUMNS, objects.map(objectRow), { palette });
  const words = [
    ...objects.flatMap(objectWords),
    ...(proxies ?? []).flatMap(proxyWords),
    ...(replicas ?? []).flatMap(({ pod, ready, why }) => (ready || why === '' ? [] : [`${pod} is not ready: ${why}`])),
    ...notes,
  ];
  const parts = [
    objectTable,
    proxies === undefined ? [] : proxyLines(proxies, palette),
    replicas === undefined ? [] : table(REPLICA_COLUMNS, replicas.map(replicaRow), { palette }),
    words,
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const OBJECT_COLUMNS = [
  { title: 'KIND' },
  { title: 'NAMESPACE' },
  { title: 'NAME' },
  { title: 'ACCEPTED' },
  { title: 'RESOLVED' },
  { title: 'PROGRAMMED' },
  { title: 'PROXIES', align: 'right' as const },
  { title: 'REASON' },
];

function objectRow(status: ObjectStatus): Row {
  const { conditions, kind, name, namespace, proxies } = status;
  const wrong = conditions.find((condition) => condition.status !== 'True') ?? conditions.at(-1);
  return [
    { text: kind },
    { text: namespace },
    { text: name },
    ...conditions.map((condition): Cell => ({ text: condition.status, style: STATUS_STYLES[condition.status] })),
    { text: proxies === undefined ? '' : `${proxies.programmed}/${proxies.total}` },
    { text: wrong?.reason ?? '' },
  ];
}

const STATUS_STYLES: Readonly<Record<'True' | 'False' | 'Unknown', Style>> = {
  True: 'green',
  False: 'red',
  Unknown: 'yellow',
};

/** What there is to say beyond the table, in the words of the status. */
function objectWords({ conditions, kind, name, namespace }: ObjectStatus): readonly string[] {
  return conditions
    .filter(({ message, status, type }) => message !== '' && (status === 'False' || type === 'Accepted'))
    .map(({ message, type }) => `${kind} ${namespace}/${name}: ${type}: ${message}`);
}

const TYPES = ['LDS', 'SRDS', 'RDS', 'CDS', 'EDS', 'SDS'];

/** Proxies as a table. */
export function proxyLines(proxies: readonly ProxySync[], palette: Palette): readonly string[] {
  if (proxies.length === 0) return [paint(palette, 'dim', 'no proxies')];
  const columns = [{ title: 'PROXY' }, ...TYPES.map((title) => ({ title }))];
  return table(columns, proxies.map(proxyRow), { palette });
}

function proxyRow({ connected, proxy, types }: ProxySync): Row {
  if (!connected) return [{ text: proxy }, { text: 'not connected', style: 'red' }];
  return [
    { text: proxy },
    ...TYPES.map((name): Cell => {
      const found = types.find(({ type }) => type === name);
      if (found === undefined) return { text: '-', style: 'dim' };
      return { text: `${found.state} (${found.resources})`, style: SYNC_STYLES[found.state] };
    }),
  ];
}

const SYNC_STYLES: Readonly<Record<'SYNCED' | 'STALE' | 'NACK', Style>> = {
  SYNCED: 'green',
  STALE: 'yellow',
  NACK: 'red',
};

const REPLICA_COLUMNS = [
  { title: 'REPLICA' },
  { title: 'READY' },
  { title: 'ADDRESS' },
  { title: 'APPLICATION' },
  { title: 'ADMIN OF ITS PROXY' },
];

function replicaRow({ address, admin = '', application, pod, ready, terminating }: ReplicaReport): Row {
  const state: Cell = ready
    ? { text: 'yes', style: 'green' }
    : { text: terminating ? 'ending' : 'no', style: 'yellow' };
  return [{ text: pod }, state, { text: address }, { text: application }, { text: admin }];
}

/** What proxies refuse, in Envoy's own words. */
export function proxyWords({ proxy, types }: ProxySync): readonly string[] {
  return types.flatMap(({ error, type }) => (error === undefined ? [] : [`${proxy} refuses ${type} ${error}`]));
}
