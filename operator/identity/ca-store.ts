import type { Root, RootState } from './root-state.ts';

/** What was loaded, and the version to give back when saving over it. */
export interface StoredRootState {
  readonly state: RootState;
  /** Opaque: a resourceVersion, a hash. */
  readonly version: string;
  /** Somebody asks for another root; gone with the next save. Default: no. */
  readonly changeRequested?: boolean;
}

/** A save either took place or met a state it had not read. */
export type SaveResult = { readonly kind: 'saved'; readonly version: string } | { readonly kind: 'conflict' };

/** Keeps the certificate authority's roots. Several replicas may share one store. */
export interface CaStore {
  /** `undefined` where nothing was ever saved. Throws where something is there that cannot be read. */
  load(): Promise<StoredRootState | undefined>;
  /** Saves if the store still holds `previousVersion`, or nothing when that is `undefined`. */
  save(state: RootState, previousVersion: string | undefined): Promise<SaveResult>;
}

/** What a store holds is not a root state. */
export class CaStoreError extends Error {
  override readonly name = 'CaStoreError';
}

/** A root state as JSON text. */
export function formatRootState(state: RootState): string {
  return `${JSON.stringify({ format: 1, ...state }, null, 2)}\n`;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const pem = (value: unknown, label: string, field: string): string => {
  if (typeof value !== 'string' || !value.includes(`-----BEGIN ${label}-----`)) {
    throw new CaStoreError(`${field} is not a PEM ${label.toLowerCase()}`);
  }
  return value;
};

const rootOf = (value: unknown, field: string): Root => {
  if (!isRecord(value)) throw new CaStoreError(`${field} is missing`);
  return {
    certificatePem: pem(value['certificatePem'], 'CERTIFICATE', `${field}.certificatePem`),
    privateKeyPem: pem(value['privateKeyPem'], 'PRIVATE KEY', `${field}.privateKeyPem`),
    ...optional(value, 'anchorsPem', field),
    ...optional(value, 'chainPem', field),
  };
};

const optional = (value: Record<string, unknown>, name: 'anchorsPem' | 'chainPem', field: string): Partial<Root> =>
  value[name] === undefined ? {} : { [name]: pem(value[name], 'CERTIFICATE', `${field}.${name}`) };

/** The root state of a JSON text. Throws {@link CaStoreError} and never quotes the text, which holds keys. */
export function parseRootState(text: string): RootState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CaStoreError('not JSON');
  }
  if (!isRecord(value) || value['format'] !== 1) throw new CaStoreError('not of format 1');
  const current = rootOf(value['current'], 'current');
  switch (value['kind']) {
    case 'stable':
      return { kind: 'stable', current };
    case 'introducing':
      return { kind: 'introducing', current, next: rootOf(value['next'], 'next') };
    case 'retiring': {
      const previous = pem(value['previousCertificatePem'], 'CERTIFICATE', 'previousCertificatePem');
      return { kind: 'retiring', current, previousCertificatePem: previous };
    }
    default:
      throw new CaStoreError('kind is none of stable, introducing, retiring');
  }
}

/** A store that forgets at exit, for tests and for a mesh that lives only as long as its process. */
export class MemoryCaStore implements CaStore {
  #stored: StoredRootState | undefined;
  #saves = 0;

  load(): Promise<StoredRootState | undefined> {
    return Promise.resolve(this.#stored);
  }

  save(state: RootState, previousVersion: string | undefined): Promise<SaveResult> {
    if (this.#stored?.version !== previousVersion) return Promise.resolve({ kind: 'conflict' });
    this.#saves += 1;
    this.#stored = { state, version: String(this.#saves) };
    return Promise.resolve({ kind: 'saved', version: this.#stored.version });
  }
}
