import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { SCENARIOS, ScenarioMesh, testScenarios } from '../../scenarios/index.ts';
import { LocalDriver } from './local-driver.ts';

describe('scenarios on one machine', () => {
  let mesh: ScenarioMesh | undefined;
  before(async () => {
    mesh = new ScenarioMesh(await LocalDriver.start());
  });
  after(async () => {
    await mesh?.driver[Symbol.asyncDispose]();
  });
  const started = (): ScenarioMesh => {
    assert.ok(mesh !== undefined, 'the mesh has not started');
    return mesh;
  };
  for (const [title, scenarios] of Object.entries(SCENARIOS)) testScenarios(title, scenarios, started);
});
