/** What tests of an xDS server need. */
export { AdsClient, type AdsClientOptions, type ReceivedResource, type ReceivedResponse } from './ads-client.ts';
export { TestClock } from './test-clock.ts';
