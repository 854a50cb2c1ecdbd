import { createHash } from 'node:crypto';
import type { ImageConfig } from '@dot-kube/proxy/image';
import type { Architecture } from './architecture.ts';

/** Bytes of a layout, which are found by their digest. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly data: Buffer;
}

/** A layer as it is stored. */
export interface Layer {
  readonly name: string;
  readonly blob: Blob;
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  /** Bytes of that archive. */
  readonly size: number;
}

/** All that an image is made of. */
export interface ImageParts {
  readonly architecture: Architecture;
  readonly config: ImageConfig;
  readonly labels: Readonly<Record<string, string>>;
  readonly layers: readonly Layer[];
  /** Seconds since 1970. */
  readonly created: number;
  /** Full names that it goes by: `docker.io/dot-kube/proxy:0.1.0`. */
  readonly names: readonly string[];
  /** SPDX document in JSON, which refers to the image as its subject. */
  readonly sbom: string;
}

/** An image as the files of an OCI image layout. */
export interface OciImage {
  /** Digest of its manifest. */
  readonly digest: string;
  readonly index: string;
  readonly blobs: readonly Blob[];
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
/** Zstandard: smaller than gzip, and its bytes do not hang on the instructions that a processor has. */
export const LAYER = 'application/vnd.oci.image.layer.v1.tar+zstd';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const SPDX = 'application/spdx+json';

/** Puts an image together: pure, and the same bytes for the same parts. */
export function ociImage(parts: ImageParts): OciImage {
  const created = new Date(parts.created * 1000).toISOString().replace('.000Z', 'Z');
  const config = jsonBlob(CONFIG, {
    created,
    architecture: parts.architecture,
    os: 'linux',
    config: containerConfig(parts.config, parts.labels),
    rootfs: { type: 'layers', diff_ids: parts.layers.map(({ diffId }) => diffId) },
    history: parts.layers.map(({ name }) => ({ created, created_by: `npm run images (${name})` })),
  });
  const manifest = jsonBlob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: parts.layers.map(({ blob }) => descriptor(blob)),
    annotations: parts.labels,
  });
  const sbom = blobOf(SPDX, Buffer.from(parts.sbom));
  const empty = blobOf(EMPTY, Buffer.from('{}'));
  const attached = jsonBlob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: SPDX,
    config: descriptor(empty),
    layers: [descriptor(sbom)],
    subject: descriptor(manifest),
  });
  const index = {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [
      ...parts.names.map((name) => ({
        ...descriptor(manifest),
        platform: { architecture: parts.architecture, os: 'linux' },
        annotations: {
          'io.containerd.image.name': name,
          'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
        },
      })),
      { ...descriptor(attached), artifactType: SPDX },
    ],
  };
  const blobs = [...parts.layers.map(({ blob }) => blob), config, manifest, sbom, empty, attached];
  return { digest: manifest.digest, index: JSON.stringify(index), blobs };
}

/** Bytes with their digest. */
export function blobOf(mediaType: string, data: Buffer): Blob {
  return { mediaType, digest: sha256(data), data };
}

/** `sha256:…` */
export function sha256(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

function jsonBlob(mediaType: string, value: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

function descriptor({ mediaType, digest, data }: Blob) {
  return { mediaType, digest, size: data.length };
}

function containerConfig(config: ImageConfig, labels: Readonly<Record<string, string>>) {
  return {
    User: `${config.user}:${config.user}`,
    ...(config.ports && { ExposedPorts: Object.fromEntries(config.ports.map((port) => [`${port}/tcp`, {}])) }),
    Env: Object.entries(config.environment).map(([name, value]) => `${name}=${value}`),
    ...(config.entrypoint.length > 0 && { Entrypoint: config.entrypoint }),
    WorkingDir: config.workingDirectory,
    Labels: labels,
  };
}
