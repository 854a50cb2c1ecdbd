import type { MeshSettings } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { SETTINGS } from './collections.ts';

const DEFAULTS: MeshSettings = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local', serviceCidrs: [] };

/** What was given at start, or the defaults of Kubernetes. */
export const settings: Derivation<MeshSettings> = {
  name: 'settings',
  compute: (read) => read.get(SETTINGS, 'mesh') ?? DEFAULTS,
};

/** The one key of what there is once in the mesh. */
export const MESH = 'mesh';
