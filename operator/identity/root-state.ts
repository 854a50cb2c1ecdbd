/** A certificate that signs, with its private key, both PEM. */
export interface Root {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** What is trusted for it, PEM, one or more certificates: for an authority below another. Default: `certificatePem`. */
  readonly anchorsPem?: string;
  /** What leaves are sent with, PEM: it and those between it and what is trusted. Default: nothing, for one that is trusted. */
  readonly chainPem?: string;
}

/**
 * Where the mesh stands in a change of its root.
 *
 * - `stable`: one root, trusted and signing.
 * - `introducing`: `next` is trusted beside `current`, but does not sign yet: a proxy that has not got the new
 *   bundle would refuse what it signs.
 * - `retiring`: the new root (now `current`) signs; `previous` (what was trusted for the old one) stays trusted until the
 *   last certificate it signed has been replaced. Its private key is gone.
 */
export type RootState =
  | { readonly kind: 'stable'; readonly current: Root }
  | { readonly kind: 'introducing'; readonly current: Root; readonly next: Root }
  | { readonly kind: 'retiring'; readonly current: Root; readonly previousCertificatePem: string };

/** A step of the root change was asked for in a state that does not allow it. */
export class RootStateError extends Error {
  override readonly name = 'RootStateError';
  readonly state: RootState['kind'];

  constructor(step: string, state: RootState['kind']) {
    super(`cannot ${step}: the root change is in state ${state}`);
    this.state = state;
  }
}

/** `stable` → `introducing`. Throws {@link RootStateError} elsewhere. */
export function introduceRoot(state: RootState, next: Root): RootState {
  if (state.kind !== 'stable') throw new RootStateError('begin a root change', state.kind);
  return { kind: 'introducing', current: state.current, next };
}

/** `introducing` → `retiring`: from here on the new root signs. Throws {@link RootStateError} elsewhere. */
export function switchSigner(state: RootState): RootState {
  if (state.kind !== 'introducing') throw new RootStateError('complete a root change', state.kind);
  return { kind: 'retiring', current: state.next, previousCertificatePem: anchorsOf(state.current) };
}

/** `introducing` → `stable`, back to the old root. Throws {@link RootStateError} elsewhere. */
export function withdrawRoot(state: RootState): RootState {
  if (state.kind !== 'introducing') throw new RootStateError('abandon a root change', state.kind);
  return { kind: 'stable', current: state.current };
}

/** `retiring` → `stable`: the old root is trusted no more. Throws {@link RootStateError} elsewhere. */
export function retireRoot(state: RootState): RootState {
  if (state.kind !== 'retiring') throw new RootStateError('retire the old root', state.kind);
  return { kind: 'stable', current: state.current };
}

/** What is trusted for a root, PEM. */
export function anchorsOf({ anchorsPem, certificatePem }: Root): string {
  return anchorsPem ?? certificatePem;
}

/** The certificates that a proxy trusts in a state, PEM, those of the signing one first; an entry may hold several. */
export function trustedCertificates(state: RootState): readonly string[] {
  const signing = anchorsOf(state.current);
  if (state.kind === 'introducing') return [signing, anchorsOf(state.next)];
  if (state.kind === 'retiring') return [signing, state.previousCertificatePem];
  return [signing];
}
