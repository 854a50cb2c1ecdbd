import type { Api, CallOptions } from '../api/api.ts';
import type { ResourceKind } from '../api/resource-kind.ts';

/** A call of an API. `name` is empty for lists and watches. */
export interface ApiCall {
  readonly verb: keyof Api;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly options: CallOptions & Readonly<Record<string, unknown>>;
}

/** The API with something before every call: to count, to delay, or to fail it by throwing. */
export function interceptApi(api: Api, before: (call: ApiCall) => void | Promise<void>): Api {
  const tell = async (verb: keyof Api, kind: ResourceKind, name: string, options: object = {}): Promise<void> => {
    await before({ verb, kind, name, options: options as ApiCall['options'] });
  };
  return {
    list: async (kind, options) => {
      await tell('list', kind, '', options);
      return api.list(kind, options);
    },
    watch: async function* (kind, options) {
      await tell('watch', kind, '', options);
      yield* api.watch(kind, options);
    },
    get: async (kind, ref, options) => {
      await tell('get', kind, ref.name, options);
      return api.get(kind, ref, options);
    },
    create: async (kind, object, options) => {
      await tell('create', kind, object.metadata.name, options);
      return api.create(kind, object, options);
    },
    createSubresource: async (kind, ref, subresource, body, options) => {
      await tell('createSubresource', kind, ref.name, options);
      return api.createSubresource(kind, ref, subresource, body, options);
    },
    replace: async (kind, object, options) => {
      await tell('replace', kind, object.metadata.name, options);
      return api.replace(kind, object, options);
    },
    apply: async (kind, object, options) => {
      await tell('apply', kind, object.metadata.name, options);
      return api.apply(kind, object, options);
    },
    delete: async (kind, ref, options) => {
      await tell('delete', kind, ref.name, options);
      return api.delete(kind, ref, options);
    },
  };
}
