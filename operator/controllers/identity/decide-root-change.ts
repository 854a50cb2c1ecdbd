import type { RootState } from '../../identity/index.ts';

/** What one proxy has of the mesh's certificates. */
export interface ProxyTrust {
  /** `namespace/pod`. */
  readonly id: string;
  /** Whether it has a stream here. What one without a stream has is not known. */
  readonly connected: boolean;
  /** It has acknowledged the present trust bundle, or uses none. */
  readonly hasBundle: boolean;
  /** It has acknowledged the newest certificate of its identity, or uses none. */
  readonly hasCertificate: boolean;
}

/** Everything that the next step depends on. */
export interface RootChangeFacts {
  readonly state: RootState['kind'];
  /** The root is due, or somebody asked. */
  readonly wanted: boolean;
  /** How long the state has held as far as this process knows, milliseconds. */
  readonly heldMs: number;
  /** How long everything that others read has held the present trust bundle, milliseconds; not more than `heldMs`. */
  readonly publishedMs: number;
  /** What does not hold it yet. */
  readonly behind: readonly string[];
  /** How long each state holds at least. */
  readonly holdMs: number;
  /** How long proxies without a stream are waited for: the life of a certificate, after which theirs has expired. */
  readonly patienceMs: number;
  /** Certificates in use that the old root has signed. */
  readonly signedByOld: number;
  readonly proxies: readonly ProxyTrust[];
}

/** The next step, if it is time for one. */
export type RootChangeDecision =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'begin' | 'complete' | 'finish' };

const NAMES_IN_REASON = 3;

/** What cannot be written to for so long is not waited for, however short certificates live. */
const WRITING_PATIENCE_MS = 24 * 3_600_000;

/** Pure. */
export function decideRootChange(facts: RootChangeFacts): RootChangeDecision {
  switch (facts.state) {
    case 'stable':
      return { kind: facts.wanted ? 'begin' : 'idle' };
    case 'introducing':
      return (
        waitFor(facts, ({ hasBundle }) => hasBundle, 'has the trust bundle with both roots') ?? { kind: 'complete' }
      );
    case 'retiring':
      if (facts.signedByOld > 0)
        return { kind: 'wait', reason: `${facts.signedByOld} certificates of the old root are in use` };
      return (
        waitFor(facts, ({ hasCertificate }) => hasCertificate, 'has a certificate of the new root') ?? {
          kind: 'finish',
        }
      );
  }
}

function waitFor(
  { behind, heldMs, holdMs, patienceMs, proxies, publishedMs }: RootChangeFacts,
  isDone: (proxy: ProxyTrust) => boolean,
  what: string,
): RootChangeDecision | undefined {
  // What cannot be written for a day cannot hold up the end of a root for ever.
  if (behind.length > 0 && heldMs < WRITING_PATIENCE_MS)
    return { kind: 'wait', reason: `the trust bundle is not written everywhere: ${namesOf(behind)}` };
  if ((behind.length > 0 ? heldMs : publishedMs) < holdMs)
    return { kind: 'wait', reason: `each step holds for ${holdMs} ms at least` };
  const late = proxies.filter((proxy) => (proxy.connected ? !isDone(proxy) : heldMs < patienceMs));
  if (late.length === 0) return undefined;
  const names = late.map(({ id, connected }) => (connected ? id : `${id}, which is not connected`));
  return { kind: 'wait', reason: `not every proxy ${what}: ${namesOf(names)}` };
}

function namesOf(names: readonly string[]): string {
  const more = names.length > NAMES_IN_REASON ? ` and ${names.length - NAMES_IN_REASON} more` : '';
  return `${names.slice(0, NAMES_IN_REASON).join('; ')}${more}`;
}
