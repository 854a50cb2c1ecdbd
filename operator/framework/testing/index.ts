export * from '../memory/index.ts';
export { type ApiFixture, apiContract } from './api-contract.ts';
export type { ApiUnderTest } from './contract/subject.ts';
export * from './contract/widget.ts';
export { settle, TestClock } from './test-clock.ts';
