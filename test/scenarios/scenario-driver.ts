import type { AccessLogEntry } from '../../operator/local/traffic/access-log-entry.ts';
import type { ObjectStatus } from '../../operator/local/status/status-report.ts';

/** An object of Kubernetes as it is written in a manifest. */
export interface ScenarioObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A pod that runs. */
export interface Replica {
  /** The pod's name. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The pod's address. */
  readonly address: string;
}

/** What is different between a mesh on one machine and one in a cluster. One namespace, with the bookstore and the callers in it. */
export interface ScenarioDriver extends AsyncDisposable {
  readonly namespace: string;
  /** Within which an object has to be in force, and whatever else the mesh does by itself be done, milliseconds. */
  readonly patienceMs: number;
  /** Creates objects of the mesh, or makes them what they are here. They need not be in force when it returns, but are seen by {@link statusOf}. */
  apply(objects: readonly ScenarioObject[]): Promise<void>;
  /** Removes objects of the mesh; they are gone when it returns. */
  remove(objects: readonly ScenarioObject[]): Promise<void>;
  /** Where an object of the mesh stands; undefined when there is none. */
  statusOf(object: ScenarioObject): Promise<ObjectStatus | undefined>;
  /** The ready pods with this label, sorted by name. */
  replicas(label: string, value: string): Promise<readonly Replica[]>;
  /** `host:port` at which this machine reaches what listens at a port of the pod itself, past its proxy. */
  reach(replica: Replica, port: number): Promise<string>;
  /** What a pod's proxy has logged so far. */
  accessLog(replica: Replica): Promise<readonly AccessLogEntry[]>;
}
