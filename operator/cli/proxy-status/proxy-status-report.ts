import type { ProxySync } from '../../controllers/proxies/proxy-sync.ts';
import type { Palette } from '../../local/terminal/palette.ts';
import { proxyLines, proxyWords } from '../status/status-text.ts';

/** What `dotkube proxy-status` tells. */
export interface ProxyStatusReport {
  readonly proxies: readonly ProxySync[];
  /** What is not known, and why. */
  readonly notes: readonly string[];
}

/** Which proxies are meant: all, those of a namespace, or one. */
export interface ProxyFilter {
  readonly namespace?: string;
  readonly pod?: string;
}

/** The proxies that are meant, sorted by name. */
export function chosenProxies(proxies: readonly ProxySync[], { namespace, pod }: ProxyFilter): readonly ProxySync[] {
  return proxies.filter(({ proxy }) => {
    const slash = proxy.indexOf('/');
    return (
      (namespace === undefined || proxy.slice(0, slash) === namespace) &&
      (pod === undefined || proxy.slice(slash + 1) === pod)
    );
  });
}

/** Whether every proxy has what it is to have, and all is known. */
export function inSync({ notes, proxies }: ProxyStatusReport): boolean {
  return (
    notes.length === 0 &&
    proxies.every(({ connected, types }) => connected && types.every(({ state }) => state === 'SYNCED'))
  );
}

/** The report as a table, and what there is to say beyond it. */
export function proxyStatusText({ notes, proxies }: ProxyStatusReport, palette: Palette): string {
  const words = [...proxies.flatMap(proxyWords), ...notes];
  const parts = [proxyLines(proxies, palette), words].filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
