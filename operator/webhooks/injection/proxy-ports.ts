import { DEFAULT_ADMIN } from '@dot-kube/proxy/bootstrap';
import { INBOUND_PORT, OUTBOUND_PORT } from '@dot-kube/proxy/envoy';

/** Port of Envoy's admin interface, on loopback. */
export const ADMIN_PORT = DEFAULT_ADMIN.kind === 'tcp' ? DEFAULT_ADMIN.port : 0;

export { INBOUND_PORT, OUTBOUND_PORT };
