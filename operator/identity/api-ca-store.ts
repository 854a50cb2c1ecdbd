import { isAlreadyExists, isConflict, isNotFound } from '../framework/api/api-error.ts';
import type { Api } from '../framework/api/api.ts';
import type { KubernetesObject, ObjectRef } from '../framework/api/object.ts';
import { resourceKind } from '../framework/api/resource-kind.ts';
import {
  type CaStore,
  CaStoreError,
  formatRootState,
  parseRootState,
  type SaveResult,
  type StoredRootState,
} from './ca-store.ts';
import type { RootState } from './root-state.ts';

/** `v1` Secret; the values of `data` are base64. */
export interface Secret extends KubernetesObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** The kind Secret. */
export const SECRET = resourceKind<Secret>('v1', 'Secret');

/** The type of the Secret that an operator makes; it can never become another. */
export const CA_SECRET_TYPE = 'mesh.dot-kube.io/certificate-authority';
/** On that Secret, with whatever value: the root is to change now. The first step of the change takes it away. */
export const ROTATE_ROOT = 'mesh.dot-kube.io/rotate-root';
/** Its one key. */
const STATE_KEY = 'ca.json';

const LABELS = {
  'app.kubernetes.io/component': 'certificate-authority',
  'app.kubernetes.io/managed-by': 'dot-kube-operator',
  'app.kubernetes.io/part-of': 'dot-kube',
};

/** The settings of a store. */
export interface ApiCaStoreOptions {
  readonly api: Pick<Api, 'get' | 'create' | 'replace'>;
  readonly secret: Required<ObjectRef>;
  readonly fieldManager: string;
}

/** Keeps the roots in a Secret, which all replicas share: who makes it first has made it, and no step is taken over another. */
export class ApiCaStore implements CaStore {
  readonly #options: ApiCaStoreOptions;

  constructor(options: ApiCaStoreOptions) {
    this.#options = options;
  }

  async load(): Promise<StoredRootState | undefined> {
    const secret = await readSecret(this.#options.api, this.#options.secret);
    if (secret === undefined) return undefined;
    const where = secretName(this.#options.secret);
    const text = secretFiles(secret)[STATE_KEY];
    if (text === undefined) {
      const has = `it is of the type ${secret.type ?? 'Opaque'}, without ${STATE_KEY}`;
      const fix = 'give one of the type kubernetes.io/tls (tls.crt, tls.key, ca.crt), or delete it and one is made';
      throw new CaStoreError(`${where} is no certificate authority: ${has}: ${fix}`);
    }
    try {
      const changeRequested = Object.hasOwn(secret.metadata.annotations ?? {}, ROTATE_ROOT);
      return { state: parseRootState(text), version: versionOf(secret), changeRequested };
    } catch (error) {
      if (error instanceof CaStoreError)
        throw new CaStoreError(`${where}, ${STATE_KEY}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  async save(state: RootState, previousVersion: string | undefined): Promise<SaveResult> {
    const { api, fieldManager, secret } = this.#options;
    const object: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...secret, labels: LABELS, ...(previousVersion && { resourceVersion: previousVersion }) },
      type: CA_SECRET_TYPE,
      data: { [STATE_KEY]: Buffer.from(formatRootState(state)).toString('base64') },
    };
    try {
      const saved =
        previousVersion === undefined
          ? await api.create(SECRET, object, { fieldManager })
          : await api.replace(SECRET, object, { fieldManager });
      return { kind: 'saved', version: versionOf(saved) };
    } catch (thrown) {
      // Deleted in between, it is not made anew with what was read before.
      if (isAlreadyExists(thrown) || isConflict(thrown) || isNotFound(thrown)) return { kind: 'conflict' };
      throw thrown;
    }
  }
}

/** A Secret; undefined when there is none. */
export async function readSecret(api: Pick<Api, 'get'>, ref: Required<ObjectRef>): Promise<Secret | undefined> {
  try {
    return await api.get(SECRET, ref);
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** What is in a Secret, as text. */
export function secretFiles({ data = {} }: Secret): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
  );
}

/** As messages name it. */
export function secretName({ name, namespace }: Required<ObjectRef>): string {
  return `Secret ${namespace}/${name}`;
}

function versionOf({ metadata: { resourceVersion = '' } }: Secret): string {
  return resourceVersion;
}
