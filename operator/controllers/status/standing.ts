import type { ReplicaTrust } from '../identity/proxy-trust.ts';
/** Where an object's generation stands on one replica. Lists are of ids of proxies. */
export interface Standing {
  /** Of the object: one that was deleted and made again is another. */
  readonly uid: string;
  /** What the replica has compiled: it says nothing of other generations. */
  readonly generation: number;
  /** Those that use what the object configures; one that left a moment ago still does. */
  readonly users: readonly string[];
  /** Those whose acknowledgement counts: they were connected at the first push. */
  readonly concerned: readonly string[];
  /** Those of them that have yet to acknowledge something. */
  readonly waitingFor: readonly string[];
  /** Those that came later, and have yet to acknowledge something. */
  readonly late: readonly string[];
  /** All have acknowledged, and connections of the generation before are being closed. */
  readonly draining: boolean;
}

/** A replica as the one that leads knows it. */
export interface ReplicaView {
  /** Its name. */
  readonly instance: string;
  /** Whether it is heard of. What one said that is not stands for a while, until its proxies are elsewhere. */
  readonly isLive: boolean;
  /** Ids of the proxies that are connected to it; of none when it is not heard of. */
  readonly connected: ReadonlySet<string>;
  standingOf(object: string): Standing | undefined;
  /** How its proxies stand in a change of the root; undefined until it has said so. */
  readonly trust?: ReplicaTrust | undefined;
}

/** The standings of all replicas as one. */
export interface MeshStanding {
  readonly users: ReadonlySet<string>;
  readonly concerned: ReadonlySet<string>;
  readonly waitingFor: ReadonlySet<string>;
  readonly draining: boolean;
  /** Names of replicas that have not compiled the generation, as far as it is known. */
  readonly behind: readonly string[];
}

/** Which version of which object it is about, and who was waited for when it was asked last. */
export interface StandingQuestion {
  readonly object: string;
  readonly uid: string;
  readonly generation: number;
  /** A proxy that goes to another replica before it has acknowledged is waited for there. Undefined: nobody asked yet. */
  readonly waitedFor: ReadonlySet<string> | undefined;
}

/**
 * What all replicas say together. Pure.
 *
 * What counts of a proxy is said by the replica that it is connected to; one that is connected nowhere is waited for where it
 * was last. A replica that has not compiled the generation has told it to nobody.
 */
export function meshStanding(question: StandingQuestion, replicas: readonly ReplicaView[]): MeshStanding {
  const { waitedFor } = question;
  const parts = replicas.map((replica) => partOf(question, replica, replicas));
  const late = union(parts.map((part) => part.late));
  const stillLate = waitedFor === undefined ? late : late.intersection(waitedFor);
  const waitingFor = union(parts.map((part) => part.waitingFor)).union(stillLate);
  return {
    users: union(parts.map((part) => part.users)),
    concerned: union(parts.map((part) => part.concerned)).union(waitingFor),
    waitingFor,
    draining: parts.some((part) => part.draining),
    behind: parts.flatMap(({ behind }) => behind ?? []).sort(),
  };
}

interface Part extends Pick<Standing, 'users' | 'concerned' | 'waitingFor' | 'late' | 'draining'> {
  /** Name of the replica, if it has not compiled the generation. */
  readonly behind?: string;
}

function partOf(
  { object, uid, generation }: StandingQuestion,
  replica: ReplicaView,
  replicas: readonly ReplicaView[],
): Part {
  const isHere = (proxy: string): boolean =>
    replica.connected.has(proxy) || !replicas.some((other) => other !== replica && other.connected.has(proxy));
  const standing = replica.standingOf(object);
  const { users = [] } = standing ?? {};
  if (standing?.uid === uid && standing.generation === generation) {
    const { concerned, waitingFor, late, draining } = standing;
    return { users, concerned, waitingFor: waitingFor.filter(isHere), late: late.filter(isHere), draining };
  }
  const waitingFor = users.filter(isHere);
  const isBehind = waitingFor.length > 0 || (replica.isLive && replica.connected.size > 0);
  const part = { users, concerned: [], waitingFor, late: [], draining: false };
  return isBehind ? { ...part, behind: replica.instance } : part;
}

function union(lists: readonly (readonly string[])[]): Set<string> {
  return new Set(lists.flat());
}
