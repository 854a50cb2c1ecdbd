/* oxlint-disable no-new -- a construct registers itself with its scope */
import { AuthorizationPolicy, MeshPolicy, TrafficSplit } from '@dot-kube/cdk8s';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

/** What differs between one canary and another. */
export interface CanaryProps {
  readonly namespace: string;
  /** The Service; the pods of its two versions carry the label `version`, v1 or v2. */
  readonly service: string;
  /** Of the requests that the new version gets, 0 to 100. */
  readonly percent: number;
  /** Service accounts that may call it. */
  readonly callers: readonly string[];
}

/** A new version that gets some of the requests, behind retries, and answers nobody but those that it is for. */
export class Canary extends Chart {
  constructor(scope: Construct, id: string, { namespace, service, percent, callers }: CanaryProps) {
    super(scope, id, { namespace, disableResourceNameHashes: true });
    const metadata = { name: service };
    const targetRefs = [{ kind: 'Service', name: service }] as const;
    new TrafficSplit(this, 'split', {
      metadata,
      spec: {
        service,
        backends: [
          { name: 'stable', labels: { version: 'v1' }, weight: 100 - percent },
          { name: 'canary', labels: { version: 'v2' }, weight: percent },
        ],
      },
    });
    new MeshPolicy(this, 'resilience', {
      metadata,
      spec: { targetRefs, timeouts: { request: '2s' }, retries: { attempts: 2, conditions: ['GatewayError'] } },
    });
    new AuthorizationPolicy(this, 'callers', {
      metadata,
      spec: { targetRefs, action: 'Allow', rules: [{ from: [{ serviceAccounts: callers }] }] },
    });
  }
}
