import type { Service } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { HEADLESS, SERVICES } from './collections.ts';
import { serviceModel } from './service-model.ts';

/**
 * The Services that have no address of their own, sorted: callers dial their pods, and only the Host of a request says which
 * Service is meant. One value for the mesh, with the key `mesh`.
 */
export const elsewhere: Derivation<readonly Service[]> = {
  name: 'elsewhere',
  compute: (read) =>
    read.members(SERVICES, 'headless', HEADLESS).flatMap((key) => read.derived(serviceModel, key) ?? []),
};
