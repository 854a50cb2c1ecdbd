/** What tests of an xDS server need. */
export {
  AdsClient,
  type AdsClientOptions,
  type ReceivedResource,
  type ReceivedResponse,
  requestFrame,
} from './ads-client.ts';
export { rawStream, type RawStreamOptions } from './raw-stream.ts';
export { TestClock } from './test-clock.ts';
