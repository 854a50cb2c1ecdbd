/** What a mesh does, told once and run on one machine and in a cluster. */
import { authorizationScenarios } from './authorization.ts';
import { identityScenarios } from './identity.ts';
import { meshPolicyScenarios } from './mesh-policy.ts';
import type { Scenario } from './scenario.ts';
import { trafficSplitScenarios } from './traffic-split.ts';

export { callerObjects, type Caller, CALLERS, CONTROL_PORT } from './callers.ts';
export { type Scenario, testScenarios } from './scenario.ts';
export type { Replica, ScenarioDriver, ScenarioObject } from './scenario-driver.ts';
export { ScenarioMesh } from './scenario-mesh.ts';

/** All scenarios, by what they are about. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  identities: identityScenarios,
  'traffic splits': trafficSplitScenarios,
  'authorization policies': authorizationScenarios,
  'mesh policies': meshPolicyScenarios,
};
