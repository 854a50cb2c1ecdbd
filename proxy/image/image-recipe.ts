/** What an image holds and how it is run: pure data, from which the builder makes the same bytes wherever it runs. */
export interface ImageRecipe {
  /** Repository, without registry and tag: `dot-kube/proxy`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** From the bottom up. Images that have a layer in common share it on the node and in the registry. */
  readonly layers: readonly LayerRecipe[];
  readonly config: ImageConfig;
  /** More tags than the version. */
  readonly tags?: readonly string[];
}

/** How a container of the image is run where a pod does not say otherwise. */
export interface ImageConfig {
  /** Numeric, as `runAsNonRoot` cannot know names. */
  readonly user: number;
  readonly entrypoint: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** TCP ports that are served; for people who look. */
  readonly ports?: readonly number[];
}

/** Files that go together. A path is in one layer of an image only. */
export interface LayerRecipe {
  readonly name: string;
  readonly sources: readonly LayerSource[];
}

/** Where files of a layer are from. Paths within the image have no leading slash; folders above them are added. */
export type LayerSource =
  | DebianFiles
  | CheckoutFiles
  | OperatorBundle
  | { readonly kind: 'cni-plugin' | 'envoy' | 'node'; readonly path: string }
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** Files of a Debian package, with its copyright and its control record, by which scanners of images know it. */
export interface DebianFiles {
  readonly kind: 'debian';
  readonly package: string;
  /** Globs within the package, of which each has to match. `lib`, `bin` and `sbin` at the top go below `usr`. */
  readonly files: readonly string[];
}

/** Files of the checkout. */
export interface CheckoutFiles {
  readonly kind: 'checkout';
  /** Globs from the root of the repository; `*.test.ts` are left out. */
  readonly files: readonly string[];
  /** The folder that stands for the root of the repository. */
  readonly below: string;
}

/** TypeScript programs with all that they import, as JavaScript modules. */
export interface OperatorBundle {
  readonly kind: 'bundle';
  /** Entry points in the checkout, by the name of the program. */
  readonly programs: Readonly<Record<string, string>>;
  /** The same for what programs import by a name that is found when they run. */
  readonly modules?: Readonly<Record<string, string>>;
  /** The folder that stands for the root of the repository. */
  readonly below: string;
}
