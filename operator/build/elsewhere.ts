import type { Service } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { BY_HOST, SERVICES } from './collections.ts';
import { serviceModel } from './service-model.ts';

/**
 * The Services that have no address of their own, sorted: callers dial their pods, or what an external name stands for, and only
 * the Host of a request says which Service is meant. One value for the mesh, with the key `mesh`.
 */
export const elsewhere: Derivation<readonly Service[]> = {
  name: 'elsewhere',
  compute: (read) => read.members(SERVICES, 'byHost', BY_HOST).flatMap((key) => read.derived(serviceModel, key) ?? []),
};
