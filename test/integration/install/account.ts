import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import {
  HttpApi,
  kubeconfigConnection,
  type KubernetesObject,
  resourceKind,
} from '../../../operator/framework/index.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { type Permission, permissionsOf } from './permission.ts';

interface RulesReview extends KubernetesObject {
  readonly spec: { readonly namespace: string };
  readonly status?: { readonly resourceRules: readonly Parameters<typeof permissionsOf>[1][] };
}

interface AccessReview extends KubernetesObject {
  readonly spec: { readonly resourceAttributes: ResourceAttributes };
  readonly status?: { readonly allowed: boolean };
}

/** What is asked of `SelfSubjectAccessReview`. Absent names mean all. */
export interface ResourceAttributes {
  readonly namespace?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly verb: string;
}

const AUTHORIZATION = 'authorization.k8s.io/v1';
const clusterScoped = { namespaced: false } as const;
const RULES_REVIEW = resourceKind<RulesReview>(AUTHORIZATION, 'SelfSubjectRulesReview', clusterScoped);
const ACCESS_REVIEW = resourceKind<AccessReview>(AUTHORIZATION, 'SelfSubjectAccessReview', clusterScoped);

/** A service account with a token of its own. */
export class Account {
  /** Path of a kubeconfig with that token and nothing else. */
  readonly kubeconfig: string;
  readonly #api: HttpApi;

  private constructor(kubeconfig: string, api: HttpApi) {
    this.kubeconfig = kubeconfig;
    this.#api = api;
  }

  /** Has the API server issue a token, as the kubelet has it do for a pod. */
  static async open(cluster: ControlPlane, namespace: string, name: string): Promise<Account> {
    const token = (await cluster.kubectl('-n', namespace, 'create', 'token', name)).trim();
    const config = parse(await readFile(cluster.kubeconfig, 'utf8')) as Record<string, unknown>;
    const kubeconfig = `${cluster.kubeconfig}-${namespace}-${name}`;
    await writeFile(kubeconfig, stringify({ ...config, users: [{ name: 'test', user: { token } }] }), { mode: 0o600 });
    return new Account(kubeconfig, new HttpApi(await kubeconfigConnection({ path: kubeconfig })));
  }

  /** What it may do in a namespace, the whole cluster's rules included, all said to be of `namespaces`. */
  async permissions(namespace: string, namespaces: string): Promise<readonly Permission[]> {
    const { status } = await this.#api.create(RULES_REVIEW, {
      apiVersion: AUTHORIZATION,
      kind: 'SelfSubjectRulesReview',
      metadata: { name: '' },
      spec: { namespace },
    });
    return (status?.resourceRules ?? []).flatMap((rule) => permissionsOf(namespaces, rule));
  }

  /** `kubectl auth can-i`. */
  async may(resourceAttributes: ResourceAttributes): Promise<boolean> {
    const { status } = await this.#api.create(ACCESS_REVIEW, {
      apiVersion: AUTHORIZATION,
      kind: 'SelfSubjectAccessReview',
      metadata: { name: '' },
      spec: { resourceAttributes },
    });
    return status?.allowed === true;
  }

  close(): void {
    this.#api.close();
  }
}
