import type { RunningProcess } from '../../tools/process.ts';

/** The two that are measured side by side. */
export type ControlPlaneName = 'dot-kube' | 'istiod';

/** A control plane that runs and may be connected to. */
export interface RunningControlPlane extends AsyncDisposable {
  readonly name: ControlPlaneName;
  readonly pid: number;
  readonly process: RunningProcess;
  /** Of 127.0.0.1, without TLS. */
  readonly xdsPort: number;
  /** What xdsload has to be told besides sizes. */
  readonly xdsloadFlags: readonly string[];
  /** The end of what it logged. */
  log(): string;
  stop(): Promise<void>;
}
