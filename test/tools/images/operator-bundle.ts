import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { OperatorBundle } from '@dot-kube/proxy/image';
import type { Component } from './component.ts';
import { ROOT } from './root.ts';
import type { TarEntry } from './tar.ts';

/** The programs with all that they import, and what of it is other people's. */
export interface Bundled {
  readonly entries: readonly TarEntry[];
  readonly components: readonly Component[];
}

/** CommonJS modules of other people ask for Node's own modules. */
const REQUIRE =
  "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);";
const SHEBANG = '#!/usr/local/bin/node\n';

/**
 * Bundles programs into one folder of modules, what they share in chunks. `import.meta.dirname` is what it would be if that folder
 * were the checkout, so that files are found where the checkout has them. Not minified: a stack trace is for people.
 */
export async function bundle({ programs, modules, below }: Omit<OperatorBundle, 'kind'>): Promise<Bundled> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: { ...programs, ...modules },
    outdir: below,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    alias: {
      // Kubeconfigs are all that is used of it; its index brings a class for every kind of Kubernetes, 14 MB.
      '@kubernetes/client-node': join(ROOT, 'node_modules/@kubernetes/client-node/dist/config.js'),
    },
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [foldersOfTheCheckout, namesOfCommonJs, httpAsCommonJs],
  });
  const entries = result.outputFiles.map(({ path, text }): TarEntry => {
    const name = relative(ROOT, path);
    const isProgram = Object.keys(programs).some((each) => name === `${below}/${each}.mjs`);
    const data = Buffer.from(isProgram ? SHEBANG + text.replace(/^#!.*\n/, '') : text);
    return { kind: 'file', path: name, mode: isProgram ? 0o755 : 0o644, data };
  });
  const folders = packagesIn(result.metafile);
  const notices = await Promise.all(folders.map(noticeOf));
  entries.push({
    kind: 'file',
    path: `${below}/THIRD-PARTY-NOTICES`,
    mode: 0o644,
    data: Buffer.from(notices.join('')),
  });
  return { entries, components: await npmComponents(folders) };
}

const foldersOfTheCheckout: Plugin = {
  name: 'folders-of-the-checkout',
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const place = (of: string): string => `(import.meta.dirname + ${JSON.stringify(`/${relative(ROOT, of)}`)})`;
      const contents = source
        .replaceAll('import.meta.dirname', place(dirname(path)))
        .replaceAll('import.meta.filename', place(path));
      return { contents, loader: 'ts' };
    });
  },
};

/** `await import()` of a CommonJS package has named exports, as in Node.js; by itself the bundler gives it a default one only. */
const namesOfCommonJs: Plugin = {
  name: 'names-of-commonjs',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[a-z@]/ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path) || path.startsWith('@dot-kube/')) return undefined;
      const names = Object.keys((await import(path)) as object);
      // Node's mark of a CommonJS module.
      if (!names.includes('module.exports')) return undefined;
      return { path, namespace: 'commonjs', pluginData: { names, resolveDir } satisfies CommonJsModule };
    });
    bundler.onLoad({ filter: /./, namespace: 'commonjs' }, ({ path, pluginData }) => {
      const { names, resolveDir } = pluginData as CommonJsModule;
      const exported = names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name)).sort();
      return { contents: `export { ${exported.join(', ')} } from ${JSON.stringify(path)};`, resolveDir };
    });
  },
};

/** An `import` of it has Node.js load its whole web client, for the sake of names that nobody asks for: a tenth of the start. */
const httpAsCommonJs: Plugin = {
  name: 'http-as-commonjs',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^node:http$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

interface CommonJsModule {
  readonly names: readonly string[];
  readonly resolveDir: string;
}

/** The folders of the npm packages of which something is in the bundle, sorted. */
function packagesIn({ outputs }: Metafile): readonly string[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** What the licences of a package ask to be shown wherever it goes. */
async function noticeOf(folder: string): Promise<string> {
  const files = (await readdir(join(ROOT, folder))).filter((name) =>
    /^(licen[cs]e|notice|copying|copyright)/i.test(name),
  );
  const texts = await Promise.all(files.sort().map((name) => readFile(join(ROOT, folder, name), 'utf8')));
  return [`=== ${folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)} ===`, ...texts, ''].join(
    '\n\n',
  );
}

async function npmComponents(folders: readonly string[]): Promise<readonly Component[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
  };
  const components = folders.map(async (folder): Promise<Component> => {
    const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
      readonly license?: unknown;
    };
    const integrity = /^sha512-(.+)$/.exec(lock.packages[folder]?.integrity ?? '')?.[1];
    const value = integrity === undefined ? undefined : Buffer.from(integrity, 'base64').toString('hex');
    return {
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      ...(typeof license === 'string' ? { license } : {}),
      ...(value === undefined ? {} : { checksum: { algorithm: 'SHA512', value } }),
      purpose: 'LIBRARY',
    };
  });
  return Promise.all(components);
}
