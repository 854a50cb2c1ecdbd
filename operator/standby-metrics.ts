import type { XdsServer } from '@dot-kube/proxy/xds';
import type { Primaries } from './controllers/standby/primaries.ts';
import type { Snapshot } from './controllers/standby/snapshot.ts';
import { gauge, type MetricsRegistry } from './framework/index.ts';

/** What is measured of a standby. */
export interface MeasuredStandby {
  readonly isServing: () => boolean;
  readonly snapshot: Snapshot;
  readonly server: XdsServer;
  readonly primaries: Primaries;
}

/** Registers the metrics of a standby. */
export function measureStandby(metrics: MetricsRegistry, standby: MeasuredStandby): void {
  const { isServing, primaries, server, snapshot } = standby;
  gauge(metrics, {
    name: 'dotkube_standby_serving',
    help: '1 while the control plane is away and proxies are served from here.',
    collect() {
      this.set(isServing() ? 1 : 0);
    },
  });
  gauge(metrics, {
    name: 'dotkube_standby_proxies',
    help: 'Proxies that are connected to the standby.',
    collect() {
      this.set(server.connected().length);
    },
  });
  gauge(metrics, {
    name: 'dotkube_standby_primaries',
    help: 'Replicas of the control plane that the standby hears.',
    collect() {
      this.set(primaries.streams);
    },
  });
  gauge(metrics, {
    name: 'dotkube_standby_snapshot_resources',
    help: 'Resources that proxies acknowledged, as the standby has them.',
    collect() {
      this.set([...sizes(snapshot)].length);
    },
  });
  gauge(metrics, {
    name: 'dotkube_standby_snapshot_bytes',
    help: 'Bytes of these.',
    collect() {
      this.set([...sizes(snapshot)].reduce((sum, size) => sum + size, 0));
    },
  });
}

function* sizes({ cache }: Snapshot): Iterable<number> {
  for (const layer of cache.layers()) for (const { resource } of cache.entries(layer)) yield resource.size;
}
