/** A machine's architecture as OCI and Debian name it. */
export type Architecture = 'amd64' | 'arm64';

/** That of this machine. Throws for one that images are not built for. */
export function ownArchitecture(name: string = process.arch): Architecture {
  if (name === 'x64') return 'amd64';
  if (name === 'arm64') return 'arm64';
  throw new Error(`There are no images for ${name}: give --arch amd64 or --arch arm64.`);
}

/** As Node.js and Python's wheels call it. */
export const OTHER_NAMES = {
  amd64: { node: 'x64', wheel: 'x86_64' },
  arm64: { node: 'arm64', wheel: 'aarch64' },
} as const satisfies Record<Architecture, object>;
