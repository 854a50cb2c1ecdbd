export { DEFAULT_ADMIN } from './admin.ts';
export * from './application-probes.ts';
export * from './bootstrap.ts';
export * from './envoy-args.ts';
export * from './options.ts';
export { ROOTS_SECRET, rootsSecret, type SecretSource, TOKEN_SECRET, tokenSecret } from './secret-files.ts';
