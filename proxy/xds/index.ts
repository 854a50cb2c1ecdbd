/** A delta ADS server for Envoy. See README.md. */
export {
  type Authenticate,
  type AuthenticatedProxy,
  AuthenticationUnavailableError,
  type Credentials,
  type ProxyConnection,
} from './authentication.ts';
export { type CacheChange, type Entry, type LayerUpdate, parsePlaceKey, placeKey, ResourceCache } from './cache.ts';
export { type Clock, systemClock } from './clock.ts';
export type { LastNack } from './connection.ts';
export { defaultLimits, defaultWaits, type Limits, type Waits } from './limits.ts';
export type { ListenAddress, ServerCertificate } from './listener.ts';
export type { AckedEntry, AckedEvent, NackedEvent, Rejection, SentEvent, XdsObserver } from './observer.ts';
export type { EmptyResource } from './proxy-view.ts';
export { type EncodedResource, encodeResource, type EntryRef, type ResourceRef } from './resource.ts';
export { XdsServer, type XdsServerOptions } from './server.ts';
export type { HeldState, Holding, ProxyStatus, TypeStatus } from './status.ts';
export { isTypeUrl, pushOrder, type TypeUrl, typeUrls } from './type-url.ts';
export type { Quarantine } from './vetting.ts';
export type { NodeClaim } from './wire/request.ts';
