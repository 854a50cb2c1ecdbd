/** What matters here of a package.json. */
export interface PackageJson {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * The package.json of a package whose TypeScript was compiled beside it: what led to a source leads to JavaScript and its types.
 * What was not compiled, as only the checkout has a use for it, is not exported. `has` says whether there is a file.
 */
export function publishedPackage(own: PackageJson, has: (path: string) => boolean): object {
  const { bin, exports, ...rest } = own;
  return {
    ...rest,
    ...(bin && { bin: mapped(bin, javascript) }),
    ...(exports && {
      exports: mapped(
        Object.fromEntries(Object.entries(exports).filter(([, path]) => has(javascript(path)))),
        (path) => (path.endsWith('.ts') ? { types: path.replace(/\.ts$/, '.d.ts'), default: javascript(path) } : path),
      ),
    }),
  };
}

function javascript(path: string): string {
  return path.replace(/\.ts$/, '.js');
}

function mapped<T>(record: Readonly<Record<string, string>>, map: (value: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
