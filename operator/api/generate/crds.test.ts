import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { StructuralSchema } from '../structural-schema.ts';
import { type CustomResource, readCustomResources, walkSchema } from './custom-resource.ts';
import { staleFiles } from './main.ts';

const RESOURCES = readCustomResources(join(import.meta.dirname, '../../../crds'));

/** Every schema node that users write or read, with its path; the type and object metadata are Kubernetes' own. */
function nodes(resource: CustomResource): readonly { readonly path: string; readonly schema: StructuralSchema }[] {
  const all: { path: string; schema: StructuralSchema }[] = [];
  walkSchema(resource.schema, (schema, path) => all.push({ path, schema }));
  return all.filter(({ path }) => path.startsWith('spec') || path.startsWith('status'));
}

/** Paths of the nodes for which `wrong` holds. */
function pathsWhere(resource: CustomResource, wrong: (schema: StructuralSchema) => boolean): readonly string[] {
  return nodes(resource)
    .filter(({ schema }) => wrong(schema))
    .map(({ path }) => path);
}

describe('the custom resource definitions', () => {
  it('are the three kinds', () => {
    assert.deepEqual(
      RESOURCES.map(({ kind }) => kind),
      ['AuthorizationPolicy', 'MeshPolicy', 'TrafficSplit'],
    );
  });

  for (const resource of RESOURCES) {
    describe(resource.kind, () => {
      it('describes every field', () => {
        assert.deepEqual(
          pathsWhere(resource, (schema) => (schema.description ?? '') === ''),
          [],
        );
      });

      it('bounds every list, map, text and number, so that the cost of its CEL rules is bounded', () => {
        const unbounded = (schema: StructuralSchema) =>
          (schema.type === 'array' && schema.maxItems === undefined) ||
          (schema.type === 'string' && schema.maxLength === undefined) ||
          (schema.additionalProperties !== undefined && schema.maxProperties === undefined) ||
          (schema.type === 'number' && schema.maximum === undefined) ||
          (schema.format === 'int32' && (schema.minimum === undefined || schema.maximum === undefined));
        assert.deepEqual(pathsWhere(resource, unbounded), []);
      });

      it('says how every list is merged by server-side apply', () => {
        const unmerged = (schema: StructuralSchema) =>
          (schema.type === 'array' && schema['x-kubernetes-list-type'] === undefined) ||
          (schema.additionalProperties !== undefined && schema['x-kubernetes-map-type'] === undefined);
        assert.deepEqual(pathsWhere(resource, unmerged), []);
      });

      it('has no field that YAML 1.1, and so kubectl, reads as something else than text', () => {
        const names = nodes(resource).flatMap(({ schema }) => [
          ...Object.keys(schema.properties ?? {}),
          ...(schema.enum ?? []),
        ]);
        assert.deepEqual(
          names.filter((name) => typeof name === 'string' && /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name)),
          ['True', 'False'],
          'only the statuses of conditions, which users do not write',
        );
      });

      it('has patterns that mean the same in RE2 and in ECMAScript', () => {
        // Look-around and back-references are not in RE2; what \s, \w, \b and . take differs.
        const foreign = ({ pattern }: StructuralSchema) => {
          if (pattern === undefined) return false;
          const literals = pattern.replaceAll(/\\[^A-Za-z0-9]/g, '').replaceAll(/\[[^\]\\]*\]/g, '');
          return /[.\\]|\(\?|\[\[:/.test(literals) || !/^\^.*\$$/.test(pattern);
        };
        assert.deepEqual(pathsWhere(resource, foreign), []);
        for (const { schema } of nodes(resource)) assert.doesNotThrow(() => new RegExp(schema.pattern ?? '', 'u'));
      });

      it('ends the message of every rule with the code of its finding', () => {
        const uncoded = nodes(resource).flatMap(({ path, schema }) =>
          (schema['x-kubernetes-validations'] ?? [])
            .filter(({ message }) => !/ \(DK1\d{3}\)$/.test(message))
            .map(({ rule }) => `${path}: ${rule}`),
        );
        assert.deepEqual(uncoded, []);
      });
    });
  }

  it('are what the generated files were made from', () => {
    assert.deepEqual(staleFiles(), [], 'run npm run generate');
  });
});
