/**
 * Envoy's API as types and schemas (`ListenerSchema`, `type Listener`), generated from the descriptors of Envoy's own release.
 *
 * @example
 * encode(ClusterSchema, create(ClusterSchema, { name: 'a', connectTimeout: duration(250) }));
 */
export { create, type MessageInitShape } from '@bufbuild/protobuf';
export * from './config.ts';
export * from './extensions.ts';
export * from './values.ts';
