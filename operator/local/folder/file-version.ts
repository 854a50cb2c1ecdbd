import { finding, findingObject } from '../../findings/index.ts';
import { fieldOf, isJsonObject, type JsonObject } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import {
  type LocatedFinding,
  type Manifest,
  parseManifests,
  type Position,
  validateYaml,
} from '../../validation/index.ts';

/** An object of a file and where it begins. */
export interface ManifestObject extends Position {
  readonly object: KubernetesObject;
}

/** A file as it was read. */
export interface FileVersion {
  readonly objects: readonly ManifestObject[];
  readonly findings: readonly LocatedFinding[];
}

/** Reads and validates a file: objects of ours as the API server would, all others only as far as they are objects. */
export function readVersion(text: string, file: string): FileVersion {
  const objects: ManifestObject[] = [];
  const findings = [...validateYaml(text, file).findings];
  for (const manifest of parseManifests(text).manifests) {
    const { object } = manifest;
    if (isObject(object)) objects.push({ object, ...manifest.positionOf() });
    else if (findings.every(({ line }) => line !== manifest.positionOf().line))
      findings.push(notAnObject(manifest, file));
  }
  return { objects, findings };
}

/** Whether any of them keeps a file from being taken. */
export function hasErrors(findings: readonly LocatedFinding[]): boolean {
  return findings.some(({ level }) => level === 'error');
}

/** `file:line:column`, which terminals and editors make a link of. */
export function formatPlace({ column, file, line }: LocatedFinding): string {
  return `${file}:${line}:${column}`;
}

function notAnObject(manifest: Manifest, file: string): LocatedFinding {
  const problem = 'an object needs the texts apiVersion, kind and metadata.name';
  const place = { object: { kind: '', name: '' } };
  return { ...finding('DK1000', place, { problem }), file, ...manifest.positionOf() };
}

/** The finding that an object is in another place already. */
export function duplicate({ object, ...position }: ManifestObject, file: string, first: string): LocatedFinding {
  const { kind, metadata } = object;
  const value = `${kind} ${metadata.name} (also in ${first})`;
  return { ...finding('DK1008', { object: findingObject(object) }, { value }), file, ...position };
}

function isObject(value: JsonObject): value is KubernetesObject & JsonObject {
  const metadata = fieldOf(value, 'metadata');
  const texts = [fieldOf(value, 'apiVersion'), fieldOf(value, 'kind'), fieldOf(metadata, 'name')];
  return isJsonObject(metadata) && texts.every((text) => typeof text === 'string' && text !== '');
}
