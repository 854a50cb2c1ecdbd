import type { KubernetesObject, ObjectMeta } from '../../api/object.ts';
import { resourceKind } from '../../api/resource-kind.ts';
import type { FieldSchema } from '../../memory/field-schema.ts';
import type { Condition } from '../../status/conditions.ts';

/** A kind to test with: every way in which fields merge, and a status subresource. */
export interface Widget extends KubernetesObject {
  readonly spec?: WidgetSpec;
  readonly status?: WidgetStatus;
}

/** `parts` merges by name, `tags` as a set, `options` by key; `steps` is atomic. */
export interface WidgetSpec {
  readonly color?: string;
  readonly size?: number;
  readonly nested?: { readonly a?: string; readonly b?: string };
  readonly options?: Readonly<Record<string, string>>;
  readonly parts?: readonly { readonly name: string; readonly count?: number }[];
  readonly tags?: readonly string[];
  readonly steps?: readonly string[];
}

/** What is reported of a widget. */
export interface WidgetStatus {
  readonly observedGeneration?: number;
  readonly note?: string;
  readonly conditions?: readonly Condition[];
}

/** The kind of widgets. */
export const WIDGET = resourceKind<Widget>('framework.example.com/v1', 'Widget');

const text = { type: 'string' };

const WIDGET_PROPERTIES = {
  spec: {
    type: 'object',
    properties: {
      color: text,
      size: { type: 'integer' },
      nested: { type: 'object', properties: { a: text, b: text } },
      options: { type: 'object', additionalProperties: text },
      parts: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', required: ['name'], properties: { name: text, count: { type: 'integer' } } },
      },
      tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
      steps: { type: 'array', items: text },
    },
  },
  status: {
    type: 'object',
    properties: {
      observedGeneration: { type: 'integer' },
      note: text,
      conditions: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        items: {
          type: 'object',
          required: ['type'],
          properties: {
            type: text,
            status: text,
            reason: text,
            message: text,
            observedGeneration: { type: 'integer' },
            lastTransitionTime: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
  },
};

/** The schema of widgets, for an in-memory API. */
export const WIDGET_SCHEMA: FieldSchema = { properties: WIDGET_PROPERTIES };

/** The CustomResourceDefinition of widgets, for a real API server. */
export const WIDGET_CRD: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.framework.example.com' },
  spec: {
    group: WIDGET.group,
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: WIDGET_PROPERTIES } },
      },
    ],
  },
};

/** The kind of CustomResourceDefinitions. */
export const CUSTOM_RESOURCE_DEFINITION = resourceKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
  namespaced: false,
});

/** A widget to create or to apply. */
export function widget(namespace: string, name: string, spec?: WidgetSpec, metadata: Partial<ObjectMeta> = {}): Widget {
  const base = { apiVersion: 'framework.example.com/v1', kind: 'Widget', metadata: { ...metadata, namespace, name } };
  return spec === undefined ? base : { ...base, spec };
}
