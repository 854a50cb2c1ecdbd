import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NAMESPACE } from '../../scenarios/bookstore.ts';

/** The text of one of our programs, for `node --eval`. */
export function programText(name: 'first-connect' | 'load' | 'probed' | 'served' | 'xds-client'): Promise<string> {
  return readFile(join(import.meta.dirname, '../programs', `${name}.ts`), 'utf8');
}

/** A container that runs one of our programs with Node.js. */
export interface ProgramContainer {
  readonly name: string;
  readonly image: string;
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whatever else a container may have. */
  readonly more?: object;
}

/** The container in Kubernetes' words, as restricted as it can be. */
export function programContainer({ env = {}, image, more = {}, name, program }: ProgramContainer): object {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--input-type=module-typescript', '--eval', program],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...more,
  };
}

/** What pods are made from. */
export interface PodTemplateOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly containers: readonly object[];
  /** Whatever else the spec of a pod may have. */
  readonly more?: object;
}

/** A pod's template: nobody's user, no token of the API server. */
export function podTemplate({ containers, labels, more = {}, serviceAccount }: PodTemplateOptions): object {
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: serviceAccount,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 10,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers,
      ...more,
    },
  };
}

/** The metadata of an object beside the bookstore. */
export function named(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: NAMESPACE };
}
