import type { BookmarkFault, Disturbance, EventFault, RequestFault } from './disturbance.ts';
import { pick } from './truth.ts';

/** Something that is going to go wrong at the first occasion. */
export type Armed =
  | { readonly on: 'list'; readonly fault: RequestFault }
  | { readonly on: 'page'; readonly fault: RequestFault }
  | { readonly on: 'watch'; readonly fault: RequestFault }
  | { readonly on: 'event'; readonly fault: EventFault }
  | { readonly on: 'bookmark'; readonly fault: BookmarkFault };

const REFUSALS: readonly RequestFault[] = [
  { kind: 'refuse', code: 410 },
  { kind: 'refuse', code: 429 },
  { kind: 'refuse', code: 429, retryAfterSeconds: 1 },
  { kind: 'refuse', code: 500 },
  { kind: 'refuse', code: 503 },
  { kind: 'refuse', code: 503, retryAfterSeconds: 2 },
  { kind: 'close' },
  { kind: 'half-open' },
];
const BAD_LISTS: readonly RequestFault[] = [...REFUSALS, { kind: 'cut-body' }, { kind: 'truncated-body' }];

/** Everything that can be wrong. A list is only asked for when something else went wrong before. */
export const ALL: readonly Armed[] = [
  ...BAD_LISTS.map((fault) => ({ on: 'list' as const, fault })),
  ...[...BAD_LISTS, { kind: 'expired-page' as const }, { kind: 'expired-page' as const }].map((fault) => ({
    on: 'page' as const,
    fault,
  })),
  ...Array.from({ length: 6 }, () => ({ on: 'list' as const, fault: { kind: 'empty' as const } })),
  ...REFUSALS.map((fault) => ({ on: 'watch' as const, fault })),
  ...(
    [
      'end',
      'break',
      'cut-line',
      'truncated-line',
      'stall',
      'stall',
      'expire',
      'expire',
      'duplicate',
      'swap',
      'swap',
    ] as const
  ).flatMap((kind) => [
    { on: 'event' as const, fault: { kind } },
    { on: 'event' as const, fault: { kind } },
  ]),
  { on: 'bookmark', fault: { kind: 'drop' } },
  { on: 'bookmark', fault: { kind: 'double' } },
];

/** `list empty`, `event swap`. */
export function nameOf({ on, fault }: Armed): string {
  if (fault.kind !== 'refuse') return `${on} ${fault.kind}`;
  return `${on} ${fault.code}${fault.retryAfterSeconds === undefined ? '' : ' with Retry-After'}`;
}

/** Faults that wait for their occasion, and those that had it. */
export class Plan implements Disturbance {
  readonly happened = new Map<string, number>();
  readonly #armed: Armed[] = [];
  #fired = 0;

  /** How many had their occasion. */
  get fired(): number {
    return this.#fired;
  }

  /** One more at random, with what it takes for its occasion to come; a list that is empty once may be so again and again. */
  arm(random: () => number): void {
    const armed = pick(ALL, random);
    const times = armed.fault.kind === 'empty' ? 1 + Math.floor(random() * 4) : 1;
    for (let i = 0; i < times; i++) this.#armed.push(armed);
    if (armed.on === 'list' || armed.on === 'page') this.#armed.push({ on: 'event', fault: { kind: 'expire' } });
    if (armed.on === 'watch') this.#armed.push({ on: 'event', fault: { kind: random() < 0.5 ? 'end' : 'break' } });
  }

  /** The next two events come in the wrong order. */
  swap(): void {
    this.#armed.push({ on: 'event', fault: { kind: 'swap' } });
  }

  /** Nothing goes wrong any more. */
  disarm(): void {
    this.#armed.length = 0;
  }

  request({ verb, isContinued }: Parameters<Disturbance['request']>[0]): RequestFault | undefined {
    return this.#fire(verb === 'watch' ? 'watch' : isContinued ? 'page' : 'list') as RequestFault | undefined;
  }

  event(): EventFault | undefined {
    return this.#fire('event') as EventFault | undefined;
  }

  bookmark(): BookmarkFault | undefined {
    return this.#fire('bookmark') as BookmarkFault | undefined;
  }

  #fire(on: Armed['on']): Armed['fault'] | undefined {
    const index = this.#armed.findIndex((armed) => armed.on === on);
    const [armed] = index < 0 ? [] : this.#armed.splice(index, 1);
    if (armed === undefined) return undefined;
    this.#fired++;
    const name = nameOf(armed);
    this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
    return armed.fault;
  }
}
