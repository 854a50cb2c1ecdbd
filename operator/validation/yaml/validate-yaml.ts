import { type Finding, finding } from '../../findings/index.ts';
import { fieldOf } from '../../framework/api/json.ts';
import { isMeshObject, validateObject } from '../validate-object.ts';
import { type Manifest, type ManifestError, parseManifests, type Position } from './manifest.ts';

/** A finding in a file. */
export interface LocatedFinding extends Finding, Position {
  readonly file: string;
}

/** What came of a file. */
export interface ValidatedYaml {
  /** In the order of the file. */
  readonly findings: readonly LocatedFinding[];
  /** How many objects of ours were looked at. */
  readonly checked: number;
  /** How many objects of other groups were not. */
  readonly skipped: number;
}

/** Validates the objects of mesh.dot-kube.io in a YAML text. `file` is only named in the findings. */
export function validateYaml(text: string, file: string): ValidatedYaml {
  const { manifests, errors } = parseManifests(text);
  const ours = manifests.filter(({ object }) => isMeshObject(object));
  const nameless = manifests.filter(({ object }) => !isNamedKind(object));
  const findings = [
    ...errors.map((error) => syntaxFinding(error, file)),
    ...nameless.map(({ positionOf }) => syntaxFinding({ ...positionOf(), message: NAMELESS }, file)),
    ...ours.flatMap((manifest) =>
      validateObject(manifest.object).map((found) => locatedFinding(found, manifest, file)),
    ),
  ];
  return {
    findings: findings.sort((a, b) => a.line - b.line || a.column - b.column),
    checked: ours.length,
    skipped: manifests.length - ours.length,
  };
}

/** Where in its file a finding is: at the key of a field that should not be there, else at the value. */
export function locatedFinding(found: Finding, manifest: Manifest, file: string): LocatedFinding {
  return { ...found, file, ...manifest.positionOf(found.field, found.code === 'DK1001' ? 'key' : 'value') };
}

const NAMELESS = 'an object needs the texts apiVersion and kind';

function isNamedKind(object: unknown): boolean {
  return ['apiVersion', 'kind'].every((field) => typeof fieldOf(object, field) === 'string');
}

function syntaxFinding({ message, line, column }: ManifestError, file: string): LocatedFinding {
  const place = { object: { kind: '', name: '' } };
  return { ...finding('DK1000', place, { problem: message }), file, line, column };
}
