import { createHash } from 'node:crypto';
import type { Component } from './component.ts';

/** The image that a bill of materials is of. */
export interface SbomSubject {
  /** Repository without registry: `dot-kube/proxy`. */
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** The bill of materials of an image as SPDX 2.3 in JSON: one package for the image and one for each component that it contains. */
export function spdxOf(subject: SbomSubject, components: readonly Component[]): string {
  const packages = [...new Map(components.map((component) => [component.purl, component])).values()].sort(
    (one, other) => (one.purl < other.purl ? -1 : 1),
  );
  const image = 'SPDXRef-image';
  const body = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${subject.name}:${subject.version} (linux/${subject.architecture})`,
    creationInfo: {
      created: new Date(subject.created * 1000).toISOString().replace('.000Z', 'Z'),
      creators: [`Tool: dot-kube-images-${subject.version}`],
    },
    documentDescribes: [image],
    packages: [
      {
        SPDXID: image,
        name: subject.name,
        versionInfo: subject.version,
        downloadLocation: 'NOASSERTION',
        filesAnalyzed: false,
        licenseConcluded: 'NOASSERTION',
        licenseDeclared: 'Apache-2.0',
        copyrightText: 'NOASSERTION',
        primaryPackagePurpose: 'CONTAINER',
        externalRefs: [
          purlOf(`pkg:oci/${subject.name.split('/').at(-1)}?arch=${subject.architecture}&tag=${subject.version}`),
        ],
      },
      ...packages.map(spdxPackage),
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image },
      ...packages.map((component) => ({
        spdxElementId: image,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: idOf(component),
      })),
    ],
  };
  // A namespace is one document's, so it follows from what the document says.
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const documentNamespace = `https://dot-kube.io/spdx/${subject.name}-${subject.version}-${digest.slice(0, 32)}`;
  return `${JSON.stringify({ ...body, documentNamespace }, undefined, 2)}\n`;
}

function spdxPackage(component: Component) {
  return {
    SPDXID: idOf(component),
    name: component.name,
    versionInfo: component.version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: component.license ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    primaryPackagePurpose: component.purpose,
    ...(component.checksum && {
      checksums: [{ algorithm: component.checksum.algorithm, checksumValue: component.checksum.value }],
    }),
    externalRefs: [purlOf(component.purl)],
  };
}

function purlOf(referenceLocator: string) {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator };
}

/** SPDX takes letters, digits, dots and hyphens. */
function idOf({ purl }: Component): string {
  return `SPDXRef-${purl.replace(/^pkg:/, '').replaceAll(/[^A-Za-z0-9.]+/g, '-')}`;
}
