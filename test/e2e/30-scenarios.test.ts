import { after, before, describe } from 'node:test';
import { SCENARIOS, ScenarioMesh, testScenarios } from '../scenarios/index.ts';
import { E2eCluster } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';

describe('scenarios in a cluster', () => {
  let mesh: ScenarioMesh;
  before(async () => {
    mesh = new ScenarioMesh(new ClusterDriver(await E2eCluster.open()));
  });
  after(() => mesh.driver[Symbol.asyncDispose]());
  for (const [title, scenarios] of Object.entries(SCENARIOS)) testScenarios(title, scenarios, () => mesh);
});
