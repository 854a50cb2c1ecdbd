/** Something that writes files which are committed. */
export type Generator = CheckedGenerator | SealedGenerator;

/** Cheap enough to make its files anew and compare: its script does so with `--check`, and names what is stale. */
export interface CheckedGenerator {
  readonly kind: 'checked';
  readonly name: string;
  /** Path of its script from the root of the repository. */
  readonly script: string;
}

/** Too slow, or in need of tools that not everybody has: a hash over what it reads and writes tells that either was changed since it ran. */
export interface SealedGenerator {
  readonly kind: 'sealed';
  readonly name: string;
  readonly script: string;
  /** Files and folders from the root of the repository, what it reads and what it writes. */
  readonly files: readonly string[];
}

/** All that `npm run generate` runs and `npm run verify` checks. */
export const GENERATORS: readonly Generator[] = [
  { kind: 'checked', name: 'types and validators of crds/', script: 'operator/api/generate/main.ts' },
  { kind: 'checked', name: 'charts of cdk8s/', script: 'cdk8s/synth.ts' },
  { kind: 'checked', name: 'health checks of examples/gitops/', script: 'examples/gitops/generate.ts' },
  {
    kind: 'sealed',
    name: "Envoy's API (needs Go)",
    script: 'proxy/envoy/proto/generate.ts',
    files: ['proxy/envoy/proto/dump', 'proxy/envoy/proto/generate.ts', 'proxy/envoy/proto/generated'],
  },
];
