import type { KubernetesObject } from '../api/object.ts';
import type { Table } from './table.ts';

/** Where an object is stored. */
export interface Location {
  readonly table: Table;
  readonly key: string;
}

/** Who owns whom, by uid. */
export class OwnerIndex {
  readonly #locations = new Map<string, Location>();
  readonly #dependents = new Map<string, Set<string>>();

  /** Whether an object with this uid is stored. */
  has(uid: string): boolean {
    return this.#locations.has(uid);
  }

  locate(uid: string): Location | undefined {
    return this.#locations.get(uid);
  }

  /** The uids of the stored objects that name this one as an owner. */
  dependentsOf(uid: string): readonly string[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  /** Follows an object from one state to the next; a missing state is one in which it is not stored. */
  move(old: KubernetesObject | undefined, next: KubernetesObject | undefined, location: Location): void {
    const uid = (next ?? old)?.metadata.uid;
    if (uid === undefined) return;
    for (const owner of old?.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
    if (next === undefined) return void this.#locations.delete(uid);
    this.#locations.set(uid, location);
    for (const owner of next.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      if (dependents === undefined) this.#dependents.set(owner.uid, new Set([uid]));
      else dependents.add(uid);
    }
  }

  /** Whether an object has owners and none of them is stored: nobody needs it any more. */
  isOrphan(object: KubernetesObject): boolean {
    const owners = object.metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every((owner) => !this.has(owner.uid));
  }
}
