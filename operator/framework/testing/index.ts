export * from '../memory/index.ts';
export { type ApiFixture, apiContract } from './api-contract.ts';
export type { ApiUnderTest } from './contract/subject.ts';
export * from './contract/widget.ts';
export { type ApiCall, interceptApi } from './intercept-api.ts';
export { seededRandom } from './random.ts';
export { type Faults, FaultServer, NO_FAULTS } from './fault-server.ts';
export { settle, TestClock } from './test-clock.ts';
