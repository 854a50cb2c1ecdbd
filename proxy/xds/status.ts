import type { Connection, LastNack } from './connection.ts';
import type { Session } from './session.ts';
import type { Told } from './told.ts';
import { pushOrder, type TypeUrl } from './type-url.ts';
import type { NodeClaim } from './wire/request.ts';

/** A state of a name, as it was sent or acknowledged. */
export interface HeldState {
  /** `reported`: the proxy brought it along from an earlier stream. */
  readonly kind: Told['kind'];
  readonly version: string;
  readonly revision: number;
  /** The layer that it came from; undefined unless `kind` is `entry`. */
  readonly layer: string | undefined;
}

/** What a proxy was sent last of a name, and what it acknowledged last. */
export interface Holding {
  readonly sent: HeldState | undefined;
  readonly acked: HeldState | undefined;
}

/** How one type of resources stands on one stream. */
export interface TypeStatus {
  readonly type: TypeUrl;
  readonly wildcard: boolean;
  /** Names that the proxy asked for. */
  readonly requested: readonly string[];
  readonly resources: readonly (Holding & { readonly name: string })[];
  /** Responses without ACK. */
  readonly inFlight: number;
  readonly lastNack: LastNack | undefined;
}

/** How one proxy stands. */
export interface ProxyStatus {
  readonly id: string;
  readonly layers: readonly string[];
  readonly node: NodeClaim | undefined;
  readonly remoteAddress: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly bytesSent: number;
  readonly types: readonly TypeStatus[];
}

/** How the proxy of a connection stands. */
export function statusOf(connection: Connection): ProxyStatus {
  const { node, remoteAddress, connectedAt, stream } = connection.options;
  const types = pushOrder.flatMap((type) => typeStatus(connection, type) ?? []);
  const { proxyId: id, layers } = connection;
  return { id, layers, node, remoteAddress, connectedAt, bytesSent: stream.bytesWritten, types };
}

/** What a session's proxy holds of a name; undefined when nothing was said of it. */
export function holdingOf(session: Session, type: TypeUrl, name: string): Holding | undefined {
  const subscription = session.subscriptions.get(type);
  const sent = subscription?.told(name);
  const acked = subscription?.acked(name);
  return sent === undefined && acked === undefined ? undefined : { sent: held(sent), acked: held(acked) };
}

function typeStatus(connection: Connection, type: TypeUrl): TypeStatus | undefined {
  const subscription = connection.session.subscriptions.get(type);
  if (subscription === undefined || !subscription.started) return undefined;
  const names = [...subscription.heldNames()].sort();
  return {
    type,
    wildcard: subscription.wildcard,
    requested: [...subscription.requested.keys()].sort(),
    resources: names.map((name) => ({
      name,
      sent: held(subscription.told(name)),
      acked: held(subscription.acked(name)),
    })),
    inFlight: subscription.inFlight.size,
    lastNack: connection.lastNack(type),
  };
}

function held(told: Told | undefined): HeldState | undefined {
  if (told === undefined) return undefined;
  const { kind, version, revision } = told;
  return { kind, version, revision, layer: told.kind === 'entry' ? told.layer : undefined };
}
