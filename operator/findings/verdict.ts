import { definitionOf } from './registry.ts';
import { compareFindings, type Finding, findingText } from './finding.ts';

/** What the findings about an object mean for its conditions. */
export interface FindingVerdict {
  /** Absent: accepted. */
  readonly refused?: { readonly reason: 'Invalid' | 'Conflicted'; readonly message: string };
  /** Absent: everything that it names is there. */
  readonly unresolved?: { readonly reason: string; readonly message: string };
  /** Notes that stop nothing. */
  readonly warnings: readonly string[];
}

/**
 * Sums up the findings about one object. What is invalid goes before what is in conflict; of several
 * unresolved references the first gives the reason. Messages hold all findings of their sort.
 */
export function verdictOf(findings: readonly Finding[]): FindingVerdict {
  const sorted = [...findings].sort(compareFindings);
  const withEffect = (...effects: readonly string[]) =>
    sorted.filter(({ code }) => effects.includes(definitionOf(code).effect));
  const invalid = withEffect('unstored', 'refused');
  const conflicts = withEffect('conflicted');
  const unresolved = withEffect('unresolved');
  const [firstUnresolved] = unresolved;
  const refused = invalid.length > 0 ? invalid : conflicts;
  return {
    ...(refused.length === 0
      ? {}
      : { refused: { reason: invalid.length > 0 ? 'Invalid' : 'Conflicted', message: textOf(refused) } }),
    ...(firstUnresolved === undefined
      ? {}
      : { unresolved: { reason: definitionOf(firstUnresolved.code).title, message: textOf(unresolved) } }),
    warnings: withEffect('noted').map(findingText),
  };
}

/** The API server takes no longer messages. */
const MESSAGE_LIMIT = 32768;

function textOf(findings: readonly Finding[]): string {
  return findings.map(findingText).join('; ').slice(0, MESSAGE_LIMIT);
}
