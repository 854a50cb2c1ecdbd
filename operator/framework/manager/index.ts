export { type HealthCheck, HealthServer, type HealthServerOptions } from './health-server.ts';
export { LeaderElection, type LeaderElectionOptions } from './leader-election.ts';
export { fencedApi, Leadership } from './leadership.ts';
export { LEASE, type Lease, type LeaseSpec } from './lease.ts';
export { Manager, type ManagerOptions } from './manager.ts';
export type { Runnable, Stage } from './runnable.ts';
export { aborted } from './stage-group.ts';
