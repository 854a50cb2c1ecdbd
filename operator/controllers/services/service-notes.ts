import { NAMESPACES, serviceFindings } from '../../build/index.ts';
import { classesOfService } from '../../build/concerned-classes.ts';
import type { Finding } from '../../findings/index.ts';
import type { Derivation } from '../../framework/derive/index.ts';

/** On a namespace, `enabled` meshes its pods. */
const INJECT_LABEL = 'mesh.dot-kube.io/inject';

/** What its author is told of the Service `namespace/name`: only where the mesh is wanted, or pods of it are meshed. */
export const serviceNotes: Derivation<readonly Finding[]> = {
  name: 'serviceNotes',
  compute(read, key) {
    const namespace = read.get(NAMESPACES, key.slice(0, key.indexOf('/')));
    const isWanted = namespace?.metadata.labels?.[INJECT_LABEL] === 'enabled';
    return isWanted || classesOfService(read, key).length > 0 ? read.derived(serviceFindings, key) : [];
  },
};
