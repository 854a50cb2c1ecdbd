/* oxlint-disable no-new -- a construct registers itself with its scope */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, type ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { parse } from 'yaml';
import { COMMON_LABELS } from './names.ts';
import { mergeValues } from './values/merge.ts';
import { DEFAULT_VALUES, type SystemOverrides } from './values/values.ts';

/** Where the CustomResourceDefinitions are: in the package, else in the repository. */
export const CRDS = existsSync(join(import.meta.dirname, '../crds'))
  ? join(import.meta.dirname, '../crds')
  : join(import.meta.dirname, '../../crds');

/** With a definition all objects of its kind go, so Helm and Argo CD are told to leave it when they remove the rest. */
const KEEP = { 'helm.sh/resource-policy': 'keep' };

type Definition = ApiObjectProps & { readonly metadata: { readonly name: string } };

/** The CustomResourceDefinitions of `crds/`. */
export class CrdsChart extends Chart {
  /** @param overrides What differs from `DEFAULT_VALUES`; only `commonLabels` matters here. */
  constructor(scope: Construct, id: string, overrides?: SystemOverrides) {
    const { commonLabels } = mergeValues(DEFAULT_VALUES, overrides);
    super(scope, id, { disableResourceNameHashes: true, labels: { ...commonLabels, ...COMMON_LABELS } });
    for (const file of readdirSync(CRDS).toSorted()) {
      if (!file.endsWith('.yaml')) continue;
      const definition = parse(readFileSync(join(CRDS, file), 'utf8')) as Definition;
      const { annotations = {}, ...metadata } = definition.metadata;
      new ApiObject(this, metadata.name, {
        ...definition,
        metadata: { ...metadata, annotations: { ...annotations, ...KEEP } },
      });
    }
  }
}
