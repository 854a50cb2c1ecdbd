import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioObject } from './scenario-driver.ts';

/** Who calls in the scenarios: two with proxies and the names of bookstore services, and one without a proxy. */
export const CALLERS = ['storefront', 'shopper', 'outsider'] as const;

/** See {@link CALLERS}. */
export type Caller = (typeof CALLERS)[number];

/** Where a caller takes its orders, on loopback of its own pod. */
export const CONTROL_PORT = 9900;

/** Where callers run. */
export interface CallerOptions {
  readonly namespace: string;
  /** How they find Services. */
  readonly resolve: 'environment' | 'dns';
  /** Image with Node.js 24; the local mode does not look at it. */
  readonly image: string;
}

/** The label whose value says which caller a pod is. */
export const CALLER_LABEL = 'caller';

/** A Deployment of one pod for each caller. */
export async function callerObjects(options: CallerOptions): Promise<readonly ScenarioObject[]> {
  const program = await readFile(join(import.meta.dirname, 'caller.ts'), 'utf8');
  return CALLERS.map((caller) => callerDeployment(caller, program, options));
}

function callerDeployment(caller: Caller, program: string, options: CallerOptions): ScenarioObject {
  const { image, namespace, resolve } = options;
  const labels = { [CALLER_LABEL]: caller };
  const unmeshed = caller === 'outsider';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `caller-${caller}`, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, ...(unmeshed ? { 'mesh.dot-kube.io/inject': 'disabled' } : {}) } },
        spec: {
          // The outsider even has the name of one who may: without a proxy that is worth nothing.
          serviceAccountName: unmeshed ? 'storefront' : caller,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 10,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'caller',
              image,
              imagePullPolicy: 'IfNotPresent',
              command: ['node', '--input-type=module-typescript', '--eval', program],
              env: [
                { name: 'RESOLVE', value: resolve },
                { name: 'CONTROL_PORT', value: String(CONTROL_PORT) },
              ],
              resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}
