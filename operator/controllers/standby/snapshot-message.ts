import { type EncodedResource, type EntryRef, isTypeUrl } from '@dot-kube/proxy/xds';
import { formatRefs, isRecord, list, MessageError, number, refsOf, text } from './message-fields.ts';

export { MessageError } from './message-fields.ts';

/** The wire format. Another one is not read. */
export const SNAPSHOT_FORMAT = 1;

/** How a place of the cache stands with the proxies of one replica. */
export type PlaceNews = EntryRef &
  (
    | {
        readonly state: 'acknowledged';
        /** Whether it is still what stands there: proxies may not have acknowledged, or may have refused, what came after it. */
        readonly isCurrent: boolean;
        readonly resource: EncodedResource;
      }
    /** There is something, which no proxy has acknowledged. */
    | { readonly state: 'untold' }
    /** There is nothing any more. */
    | { readonly state: 'gone' }
  );

/** A pod that has a proxy: what its token must say, and what it sees. */
export interface ToldPod {
  /** `namespace/pod`. */
  readonly key: string;
  readonly uid: string;
  readonly serviceAccount: string;
  /** Empty: none yet. */
  readonly node: string;
  /** Least specific first. */
  readonly layers: readonly string[];
}

/** One line of what a replica tells a standby. */
export type SnapshotMessage =
  /** The first line. */
  | { readonly kind: 'hello'; readonly format: number; readonly instance: string; readonly trustDomain: string }
  /** What the standby shows to proxies; PEM. */
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string }
  /** `complete`: with this line everything has been told once. */
  | { readonly kind: 'places'; readonly places: readonly PlaceNews[]; readonly complete?: true }
  /** Null: the pod is gone, or is no longer of the mesh. */
  | { readonly kind: 'pods'; readonly pods: readonly (readonly [key: string, pod: ToldPod | null])[] }
  /** Sent when there is nothing else to say, too. `serving`: proxies are let in. */
  | { readonly kind: 'beat'; readonly serving: boolean };

/** One line of JSON, without its end. */
export function formatSnapshotMessage(message: SnapshotMessage): string {
  if (message.kind !== 'places') return JSON.stringify(message);
  return JSON.stringify({ ...message, places: message.places.map(formatPlace) });
}

/** The inverse of {@link formatSnapshotMessage}. Throws {@link MessageError}; never quotes the line, which may hold keys. */
export function parseSnapshotMessage(line: string): SnapshotMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new MessageError('a line that is not JSON');
  }
  if (!isRecord(value)) throw new MessageError('a line that is no object');
  switch (value['kind']) {
    case 'hello': {
      const format = number(value['format']);
      return { kind: 'hello', format, instance: text(value['instance']), trustDomain: text(value['trustDomain']) };
    }
    case 'certificate':
      return { kind: 'certificate', cert: text(value['cert']), key: text(value['key']) };
    case 'places': {
      const places = list(value['places']).map(placeOf);
      return { kind: 'places', places, ...(value['complete'] === true ? { complete: true } : {}) };
    }
    case 'pods':
      return { kind: 'pods', pods: list(value['pods']).map(podOf) };
    case 'beat':
      return { kind: 'beat', serving: value['serving'] === true };
    default:
      throw new MessageError('a line of an unknown kind');
  }
}

function formatPlace(place: PlaceNews): readonly unknown[] {
  const { layer, type, name, state } = place;
  if (state === 'untold') return [layer, type, name];
  if (state === 'gone') return [layer, type, name, null];
  const { version, frame, refs } = place.resource;
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
  return [layer, type, name, version, place.isCurrent, bytes, formatRefs(refs)];
}

function placeOf(value: unknown): PlaceNews {
  const [layerValue, typeValue, nameValue, versionValue, isCurrent, bytes, refs] = list(value);
  const [layer, type, name] = [shared(text(layerValue)), shared(text(typeValue)), text(nameValue)];
  if (!isTypeUrl(type)) throw new MessageError('a resource of an unknown type');
  if (versionValue === undefined) return { layer, type, name, state: 'untold' };
  if (versionValue === null) return { layer, type, name, state: 'gone' };
  const frame = new Uint8Array(Buffer.from(text(bytes), 'base64'));
  const resource = {
    type,
    name,
    version: text(versionValue),
    frame,
    size: frame.length,
    refs: refsOf(refs),
    causes: [],
  };
  return { layer, type, name, state: 'acknowledged', isCurrent: isCurrent === true, resource };
}

function podOf(value: unknown): readonly [string, ToldPod | null] {
  const [key, pod] = list(value);
  if (pod === null) return [text(key), null];
  if (!isRecord(pod)) throw new MessageError('no pod');
  const told = {
    key: text(key),
    uid: text(pod['uid']),
    serviceAccount: text(pod['serviceAccount']),
    node: shared(text(pod['node'])),
    layers: list(pod['layers']).map((layer) => shared(text(layer))),
  };
  return [told.key, told];
}

/** The same words come with thousands of places: kept once. Bounded, as nothing is ever taken out. */
const words = new Map<string, string>();
const MOST_WORDS = 20_000;

function shared(word: string): string {
  const known = words.get(word);
  if (known !== undefined) return known;
  if (words.size >= MOST_WORDS) words.clear();
  words.set(word, word);
  return word;
}
