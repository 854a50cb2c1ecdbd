/** What a tar archive holds; owned by root, from the epoch. Paths have no leading slash. */
export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly data: Buffer }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

const BLOCK = 512;
const TYPE = { file: '0', link: '2', folder: '5' } as const;

/**
 * A ustar archive whose bytes depend on the entries alone, in any order: sorted, with folders above each entry added (0755). Throws
 * for two entries with one path, and for paths and targets that ustar has no room for.
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of withFolders(entries)) {
    const data = entry.kind === 'file' ? entry.data : Buffer.alloc(0);
    blocks.push(header(entry, data.length), data, Buffer.alloc(padding(data.length)));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** The entries with all folders above them, sorted by path, so that a folder comes before what is in it. */
export function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const byPath = new Map<string, TarEntry>();
  for (const entry of entries) {
    const segments = entry.path.split('/');
    if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
      throw new Error(`${entry.path} is no path for an archive`);
    if (byPath.has(entry.path)) throw new Error(`${entry.path} is in the archive already`);
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      const there = byPath.get(folder);
      if (there === undefined) byPath.set(folder, { kind: 'folder', path: folder, mode: 0o755 });
      else if (there.kind !== 'folder') throw new Error(`${path} is below ${folder}, which is a ${there.kind}`);
    }
  }
  return [...byPath.values()].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = splitPath(entry.kind === 'folder' ? `${entry.path}/` : entry.path);
  block.write(name, 0);
  writeOctal(block, 100, 8, entry.kind === 'link' ? 0o777 : entry.mode);
  writeOctal(block, 108, 8, 0);
  writeOctal(block, 116, 8, 0);
  writeOctal(block, 124, 12, size);
  writeOctal(block, 136, 12, 0);
  block.write(TYPE[entry.kind], 156);
  if (entry.kind === 'link') {
    if (Buffer.byteLength(entry.target) > 100) throw new Error(`${entry.target} is too long a target for ustar`);
    block.write(entry.target, 157);
  }
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  // The sum counts its own field as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A path of more than 100 bytes goes into two fields, cut at a slash. */
function splitPath(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  for (let slash = path.indexOf('/'); slash > 0 && slash < path.length - 1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [prefix, name];
  }
  throw new Error(`${path} is too long a path for ustar`);
}

function writeOctal(block: Buffer, offset: number, width: number, value: number): void {
  const digits = value.toString(8).padStart(width - 1, '0');
  if (digits.length >= width) throw new Error(`${value} is too large for a field of tar`);
  block.write(`${digits}\0`, offset);
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
