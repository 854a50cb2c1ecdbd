import { paint, type Palette, type Style } from '../../local/terminal/palette.ts';
import { CERTIFICATE_CHECKS } from './certificate-checks.ts';
import { CLUSTER_CHECKS } from './cluster-checks.ts';
import { CNI_CHECKS } from './cni-checks.ts';
import { type Check, type CheckFacts, type CheckResult, isInstalled } from './facts.ts';
import { PROXY_CHECKS } from './proxy-checks.ts';
import { SYSTEM_CHECKS } from './system-checks.ts';

/** What all checks came to. */
export interface CheckReport {
  readonly installed: boolean;
  /** Whether no check has failed; warnings and what is not known are none. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

/** Runs all checks that make sense: those of dot-kube only where it is installed, and none more where nobody answers. */
export function runChecks(facts: CheckFacts): CheckReport {
  const installed = isInstalled(facts);
  const reached = 'value' in facts.kubernetes;
  const { 'api-reachable': reachable, ...cluster } = CLUSTER_CHECKS;
  const groups: readonly Readonly<Record<string, Check | undefined>>[] = [
    { 'api-reachable': reachable },
    ...(reached ? [cluster] : []),
    ...(installed ? [SYSTEM_CHECKS, CERTIFICATE_CHECKS, CNI_CHECKS, PROXY_CHECKS] : []),
  ];
  const checks = groups.flatMap((group) =>
    Object.entries(group).flatMap(([id, check]) => (check === undefined ? [] : [{ id, ...check(facts) }])),
  );
  return { installed, passed: checks.every(({ state }) => state !== 'failed'), checks };
}

const WORDS: Readonly<Record<CheckResult['state'], readonly [word: string, style: Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  failed: ['FAILED', 'red'],
  skipped: ['-', 'dim'],
};

/** A line for each check, and what to do below those that need it. */
export function checkText({ checks, passed }: CheckReport, palette: Palette): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.flatMap(({ fix, id, message, state }) => {
    const [word, style] = WORDS[state];
    const line = `${paint(palette, style, word.padEnd(7))}  ${id.padEnd(width)}  ${message}`;
    return fix === undefined ? [line] : [line, `${' '.repeat(width + 11)}fix: ${fix}`];
  });
  const count = (wanted: string): number => checks.filter(({ state }) => state === wanted).length;
  const counts = [`${count('ok')} ok`, `${count('warning')} warnings`, `${count('failed')} failed`].join(', ');
  return `${lines.join('\n')}\n\n${passed ? 'passed' : 'not passed'}: ${counts}\n`;
}
