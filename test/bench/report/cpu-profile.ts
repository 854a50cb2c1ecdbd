import { basename } from 'node:path';

/** A function as V8 names it. */
interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
}

/** What `node --cpu-prof` writes, as far as it is read here. Times are microseconds of the machine's monotonic clock. */
export interface CpuProfile {
  readonly startTime: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  /** The node that was running at each sample. */
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

/** A span of the profile's clock, microseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One function, and what it took. */
export interface FunctionTime {
  readonly name: string;
  /** `file:line`; empty for what is V8's or the kernel's. */
  readonly place: string;
  /** In the function itself. */
  readonly selfMs: number;
  /** With all that it called. */
  readonly totalMs: number;
}

/** Where a process was busy. */
export interface ProfileShares {
  /** All time but that in which it waited. */
  readonly busyMs: number;
  /** By self time, the most costly first. */
  readonly functions: readonly FunctionTime[];
}

const IDLE = '(idle)';
/** V8 gives the root's samples no function. */
const ROOT = '(root)';

/** Self and total time of each function in a span of the profile; the same function in several stacks counts once. Pure. */
export function profileShares(profile: CpuProfile, span: Span): ProfileShares {
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const stacks = new Map<number, readonly string[]>();
  const places = new Map<string, { readonly name: string; readonly place: string }>();
  const stackOf = (id: number): readonly string[] => {
    const known = stacks.get(id);
    if (known !== undefined) return known;
    const keys = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      if (frame === undefined || frame.functionName === ROOT) continue;
      const described = describe(frame);
      const key = `${described.name} ${described.place}`;
      places.set(key, described);
      keys.add(key);
    }
    stacks.set(id, [...keys]);
    return [...keys];
  };
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  let busy = 0;
  let at = profile.startTime;
  profile.samples.forEach((id, index) => {
    at += profile.timeDeltas[index] ?? 0;
    // The time until the next sample is the node's.
    const lasted = Math.max(0, profile.timeDeltas[index + 1] ?? 0);
    if (at < span.from || at >= span.to || frames.get(id)?.functionName === IDLE) return;
    busy += lasted;
    const [own, ...callers] = stackOf(id);
    if (own === undefined) return;
    self.set(own, (self.get(own) ?? 0) + lasted);
    for (const key of [own, ...callers]) total.set(key, (total.get(key) ?? 0) + lasted);
  });
  const functions = [...total].map(([key, microseconds]) => ({
    ...(places.get(key) ?? { name: key, place: '' }),
    selfMs: (self.get(key) ?? 0) / 1000,
    totalMs: microseconds / 1000,
  }));
  return {
    busyMs: busy / 1000,
    functions: functions.toSorted((a, b) => b.selfMs - a.selfMs || (a.name < b.name ? -1 : 1)),
  };
}

function describe({ functionName, url, lineNumber }: CallFrame): { readonly name: string; readonly place: string } {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return { name, place: url === '' ? '' : `${fileOf(url)}:${lineNumber + 1}` };
}

/** Ours below the checkout, others below their package, Node's own as it calls them. */
function fileOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  const path = decodeURIComponent(new URL(url).pathname);
  const parts = path.split('/');
  const modules = parts.lastIndexOf('node_modules');
  if (modules >= 0) return parts.slice(modules + 1).join('/');
  const room = parts.findIndex((part) => part === 'operator' || part === 'proxy');
  return room >= 0 ? parts.slice(room).join('/') : basename(path);
}
