import type { Service } from '../../api/core.ts';
import { fieldOf } from '../../framework/api/json.ts';
import type { DataObject, EnvFrom, EnvVar, LocalContainer, LocalPod } from '../cluster/kinds.ts';

/** A Service as one pod calls it: at an address of its own. */
export interface ReachableService {
  readonly service: Service;
  readonly address: string;
  /** The port to call for a port of the Service. */
  readonly portOf: (port: number) => number;
}

/** What a container's environment is made from. */
export interface EnvironmentInput {
  readonly pod: LocalPod;
  readonly container: LocalContainer;
  /** Where the application is to listen: the variable `HOST`. */
  readonly host: string;
  /** Instead of the container's first port: the variable `PORT`. */
  readonly port?: number;
  readonly podIp: string;
  readonly services: readonly ReachableService[];
  /** A ConfigMap or Secret. */
  readonly dataOf: (kind: 'ConfigMap' | 'Secret', name: string, namespace: string) => DataObject | undefined;
}

/** An environment, and what was asked for and is not there. */
export interface ContainerEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}

/**
 * The environment of a container, as the kubelet makes it: the Services (those of other namespaces too, as
 * `NAME_NAMESPACE_SERVICE_HOST`: there is no DNS here), `HOST` and `PORT` to listen on, and what the container declares.
 */
export function environmentFor(input: EnvironmentInput): ContainerEnvironment {
  const { container, host, pod, port, services } = input;
  const variables = new Map<string, string>(serviceVariables(services, pod.metadata.namespace ?? 'default'));
  const missing: string[] = [];
  const ports = container.ports ?? [];
  const first = port ?? ports[0]?.containerPort;
  variables.set('HOST', host);
  if (first !== undefined) variables.set('PORT', String(first));
  for (const { name, containerPort } of ports)
    if (name !== undefined) variables.set(`PORT_${variableName(name)}`, String(containerPort));
  for (const source of container.envFrom ?? []) addAll(source, input, variables, missing);
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, input, variables);
    if (value === undefined) missing.push(`${variable.name} (${sourceOf(variable)})`);
    else variables.set(variable.name, value);
  }
  return { variables: Object.fromEntries(variables), missing };
}

/** The command line of a container: `$(NAME)` stands for a variable, `$$(NAME)` for itself. */
export function commandOf(container: LocalContainer, variables: Readonly<Record<string, string>>): readonly string[] {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  return words.map((word) => expand(word, (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined)));
}

/** `my-service` as it stands in the name of a variable: `MY_SERVICE`. */
export function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
}

function serviceVariables(services: readonly ReachableService[], own: string): [string, string][] {
  return services.flatMap(({ address, portOf, service }) => {
    const { name, namespace = 'default' } = service.metadata;
    const prefixes = [`${name}-${namespace}`, ...(namespace === own ? [name] : [])].map(variableName);
    const ports = service.spec?.ports ?? [];
    return prefixes.flatMap((prefix) => [
      [`${prefix}_SERVICE_HOST`, address] as [string, string],
      ...ports.slice(0, 1).map(({ port }): [string, string] => [`${prefix}_SERVICE_PORT`, String(portOf(port))]),
      ...ports.flatMap(({ name: portName, port }): [string, string][] =>
        portName === undefined || portName === ''
          ? []
          : [[`${prefix}_SERVICE_PORT_${variableName(portName)}`, String(portOf(port))]],
      ),
    ]);
  });
}

function addAll(source: EnvFrom, input: EnvironmentInput, variables: Map<string, string>, missing: string[]): void {
  const { configMapRef, prefix = '', secretRef } = source;
  for (const [kind, ref] of [['ConfigMap', configMapRef] as const, ['Secret', secretRef] as const]) {
    if (ref === undefined) continue;
    const data = dataIn(input.dataOf(kind, ref.name, input.pod.metadata.namespace ?? 'default'));
    if (data === undefined && ref.optional !== true) missing.push(`the ${kind} ${ref.name}`);
    for (const [key, value] of data ?? []) variables.set(`${prefix}${key}`, value);
  }
}

function valueOf(
  variable: EnvVar,
  input: EnvironmentInput,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  const { value, valueFrom } = variable;
  if (valueFrom === undefined) return expand(value ?? '', (name) => variables.get(name));
  const { configMapKeyRef, fieldRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return fieldValue(fieldRef.fieldPath, input);
  for (const [kind, ref] of [['ConfigMap', configMapKeyRef] as const, ['Secret', secretKeyRef] as const]) {
    if (ref === undefined) continue;
    const found = dataIn(input.dataOf(kind, ref.name, input.pod.metadata.namespace ?? 'default'))?.get(ref.key);
    return found ?? (ref.optional === true ? '' : undefined);
  }
  return undefined;
}

function sourceOf({ valueFrom }: EnvVar): string {
  const { configMapKeyRef, fieldRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef !== undefined) return `key ${configMapKeyRef.key} of the ConfigMap ${configMapKeyRef.name}`;
  if (secretKeyRef !== undefined) return `key ${secretKeyRef.key} of the Secret ${secretKeyRef.name}`;
  return fieldRef === undefined ? 'valueFrom' : `field ${fieldRef.fieldPath}`;
}

/** https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
function fieldValue(path: string, { pod, podIp }: EnvironmentInput): string | undefined {
  const { metadata } = pod;
  const keyed = /^metadata\.(?<map>labels|annotations)\['(?<key>[^']+)'\]$/.exec(path)?.groups;
  if (keyed !== undefined) {
    const value = fieldOf(keyed['map'] === 'labels' ? metadata.labels : metadata.annotations, keyed['key'] ?? '');
    return typeof value === 'string' ? value : '';
  }
  return FIELDS.get(path)?.(pod, podIp);
}

const FIELDS: ReadonlyMap<string, (pod: LocalPod, podIp: string) => string> = new Map([
  ['metadata.name', ({ metadata }: LocalPod) => metadata.name],
  ['metadata.namespace', ({ metadata }: LocalPod) => metadata.namespace ?? 'default'],
  ['metadata.uid', ({ metadata }: LocalPod) => metadata.uid ?? ''],
  ['spec.nodeName', ({ spec }: LocalPod) => spec?.nodeName ?? 'local'],
  ['spec.serviceAccountName', ({ spec }: LocalPod) => spec?.serviceAccountName ?? 'default'],
  ['status.podIP', (_pod: LocalPod, podIp: string) => podIp],
  ['status.podIPs', (_pod: LocalPod, podIp: string) => podIp],
  ['status.hostIP', () => '127.0.0.1'],
  ['status.hostIPs', () => '127.0.0.1'],
]);

/** The values of a ConfigMap or Secret; those of a Secret's `data` are base64. */
function dataIn(object: DataObject | undefined): ReadonlyMap<string, string> | undefined {
  if (object === undefined) return undefined;
  const secret = object.kind === 'Secret';
  const data = Object.entries(object.data ?? {}).map(([key, value]): [string, string] => [
    key,
    secret ? Buffer.from(value, 'base64').toString() : value,
  ]);
  return new Map([...data, ...Object.entries(object.stringData ?? {})]);
}

/** As Kubernetes does: a name that is not known stays as it is written. */
function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replaceAll(/\$\$|\$\((?<name>[A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (lookUp(name) ?? whole),
  );
}
