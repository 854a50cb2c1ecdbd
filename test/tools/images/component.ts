/** A piece of software within an image, for its bill of materials. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Package URL. */
  readonly purl: string;
  /** SPDX expression; default: not known. */
  readonly license?: string;
  /** Of the package or program, in hexadecimal. */
  readonly checksum?: { readonly algorithm: 'SHA256' | 'SHA512'; readonly value: string };
  readonly purpose: 'APPLICATION' | 'LIBRARY' | 'OPERATING-SYSTEM';
}
