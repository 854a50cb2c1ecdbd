export * from '../memory/index.ts';
export { settle, TestClock } from './test-clock.ts';
