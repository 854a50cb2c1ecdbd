import { type Capture, type CaptureExclusions, iptablesScript, nftScript } from '@dot-kube/proxy/init';
import { CAPTURE_PROBE_PORT, PROXY_PROBE_PORT } from './names.ts';
import { INBOUND_PORT, OUTBOUND_PORT } from './proxy-ports.ts';
import type { InjectionSettings } from './settings.ts';

/** The script that the capture container or the agent of the CNI plugin runs. */
export function captureScript(settings: InjectionSettings, exclusions: CaptureExclusions): string {
  const capture: Capture = {
    proxyUid: settings.proxy.uid,
    inboundPort: INBOUND_PORT,
    outboundPort: OUTBOUND_PORT,
    families: settings.families,
    exclusions,
    // A container that fails keeps the pod from starting; a plugin that is not there does not, so the proxy's probe asks.
    ...(settings.capture === 'cni' ? { verification: { port: CAPTURE_PROBE_PORT, target: PROXY_PROBE_PORT } } : {}),
  };
  return settings.capture === 'iptables' ? iptablesScript(capture) : nftScript(capture);
}
