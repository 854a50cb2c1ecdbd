import { VERSION } from './names.ts';

/** Where an image is: by digest, else by tag, else of the version of the charts. */
export interface ImageParts {
  /** Host; empty: the one of the container runtime. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** The name of an image as a container has it. */
export function imageOf({ registry, repository, tag, digest }: ImageParts): string {
  const name = registry === '' ? repository : `${registry}/${repository}`;
  if (digest !== '') return `${name}@${digest}`;
  return `${name}:${tag === '' ? VERSION : tag}`;
}
