/**
 * What server-side apply must know of a field: the part of a structural schema that says how lists and maps merge.
 * The `openAPIV3Schema` of a CRD can be given as it is.
 */
export interface FieldSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly default?: unknown;
  readonly nullable?: boolean;
  /** Default: `atomic`. */
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** Default: `granular`. */
  readonly 'x-kubernetes-map-type'?: string;
}

/** A list whose items are told apart by some of their fields. */
export function listMap(keys: readonly string[], items: FieldSchema = {}): FieldSchema {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, items };
}

const SET: FieldSchema = { 'x-kubernetes-list-type': 'set' };
const ATOMIC: FieldSchema = { 'x-kubernetes-map-type': 'atomic' };

const METADATA: FieldSchema = {
  properties: {
    labels: { additionalProperties: {} },
    annotations: { additionalProperties: {} },
    ownerReferences: listMap(['uid'], ATOMIC),
    finalizers: SET,
  },
};

const CONTAINER: FieldSchema = {
  properties: {
    env: listMap(['name']),
    ports: listMap(['containerPort', 'protocol'], { properties: { protocol: { default: 'TCP' } } }),
    volumeMounts: listMap(['mountPath']),
    volumeDevices: listMap(['devicePath']),
  },
};

const POD_SPEC: FieldSchema = {
  properties: {
    containers: listMap(['name'], CONTAINER),
    initContainers: listMap(['name'], CONTAINER),
    volumes: listMap(['name']),
    imagePullSecrets: listMap(['name'], ATOMIC),
    hostAliases: listMap(['ip']),
    topologySpreadConstraints: listMap(['topologyKey', 'whenUnsatisfiable']),
    nodeSelector: ATOMIC,
  },
};

const WORKLOAD: FieldSchema = {
  properties: { selector: ATOMIC, template: { properties: { metadata: METADATA, spec: POD_SPEC } } },
};

/** The specs of the few built-in kinds whose lists are maps, by `group/kind`. */
const SPECS: ReadonlyMap<string, FieldSchema> = new Map([
  ['/Pod', POD_SPEC],
  [
    '/Service',
    {
      properties: {
        ports: listMap(['port', 'protocol'], { properties: { protocol: { default: 'TCP' } } }),
        selector: ATOMIC,
      },
    },
  ],
  ['apps/Deployment', WORKLOAD],
  ['apps/StatefulSet', WORKLOAD],
  ['apps/DaemonSet', WORKLOAD],
]);

const STATUS: FieldSchema = { properties: { conditions: listMap(['type']) } };

/**
 * The schema of a kind that says how it merges: metadata and the built-in kinds as Kubernetes has them, conditions by
 * their type, and all that is not known as granular maps and atomic lists. `own` is the kind's own schema, if it is known.
 */
export function mergeSchema(group: string, kind: string, own: FieldSchema | undefined): FieldSchema {
  const spec = SPECS.get(`${group}/${kind}`) ?? {};
  return { properties: { spec, status: STATUS, ...own?.properties, metadata: METADATA } };
}

/** The schema of a field of an object, and whether the schema declares it by name. */
export function schemaOfField(
  schema: FieldSchema | undefined,
  name: string,
): { readonly schema: FieldSchema | undefined; readonly declared: boolean } {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, name)) return { schema: properties[name], declared: true };
  const additional = schema?.additionalProperties;
  return { schema: typeof additional === 'object' ? additional : undefined, declared: false };
}
