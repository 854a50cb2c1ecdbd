import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly link?: boolean; readonly inBundle?: boolean }>
  >;
}

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, file), 'utf8'));
}

/** Packages of others that the control plane and the proxy's configuration are made with, by what their manifests say. */
export async function productionPackages(): Promise<readonly string[]> {
  const manifests = await Promise.all(['operator/package.json', 'proxy/package.json'].map(json));
  const names = manifests.flatMap((manifest) =>
    Object.keys((manifest as { readonly dependencies?: object }).dependencies ?? {}),
  );
  return [...new Set(names)].filter((name) => !name.startsWith('@dot-kube/'));
}

/** Packages whose bytes nobody would miss being others. What comes inside of another package is covered by that one's. */
export async function withoutIntegrity(): Promise<readonly string[]> {
  const { packages } = (await json('package-lock.json')) as Lock;
  return Object.entries(packages)
    .filter(
      ([path, { integrity, link, inBundle }]) => path.includes('node_modules/') && !link && !inBundle && !integrity,
    )
    .map(([path]) => path);
}
