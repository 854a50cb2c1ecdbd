import { type Capture, type CaptureExclusions, iptablesScript, nftScript } from '@dot-kube/proxy/init';
import { INBOUND_PORT, OUTBOUND_PORT } from './proxy-ports.ts';
import type { InjectionSettings } from './settings.ts';

/** The script that the capture container runs. */
export function captureScript(settings: InjectionSettings, exclusions: CaptureExclusions): string {
  const capture: Capture = {
    proxyUid: settings.proxy.uid,
    inboundPort: INBOUND_PORT,
    outboundPort: OUTBOUND_PORT,
    families: settings.families,
    exclusions,
  };
  return settings.capture === 'iptables' ? iptablesScript(capture) : nftScript(capture);
}
