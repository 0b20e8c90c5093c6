import type { Zxid } from '@biquorum/zookeeper-wire';
import { OPEN_ACL_INDEX } from './acl-cache.ts';
import { capacityAfter, grown } from './columns.ts';

/** A row of {@link RareFields}; 0 for a node without one. */
export type RareRow = number;

/** The row of nodes that have none: it holds what is so of most nodes, and is never written. */
export const NO_ROW: RareRow = 0;

/**
 * What most nodes do not have: children, an owner, an ACL of their own. A row is made for the nodes that have any of it;
 * rows of nodes that are gone are used again.
 */
export class RareFields {
  #capacity = 0;
  /** The row 0 is there from the beginning. */
  #used = 1;
  readonly #free: RareRow[] = [];
  firstChild: Int32Array = new Int32Array(0);
  childCount: Int32Array = new Int32Array(0);
  /** Counts creations of children. */
  cversion: Int32Array = new Int32Array(0);
  aversion: Int32Array = new Int32Array(0);
  pzxid: Float64Array = new Float64Array(0);
  acl: Float64Array = new Float64Array(0);
  owner: BigInt64Array = new BigInt64Array(0);

  constructor() {
    this.#grow();
    this.#fill(NO_ROW, 0);
  }

  /** A row for a node that has had none. @param pzxid as long as it has had no children, that of its creation */
  add(pzxid: Zxid): RareRow {
    const row = this.#free.pop() ?? this.#used++;
    if (row >= this.#capacity) this.#grow();
    this.#fill(row, pzxid);
    return row;
  }

  remove(row: RareRow): void {
    if (row !== NO_ROW) this.#free.push(row);
  }

  #fill(row: RareRow, pzxid: Zxid): void {
    this.firstChild[row] = NO_CHILD;
    this.childCount[row] = 0;
    this.cversion[row] = 0;
    this.aversion[row] = 0;
    this.pzxid[row] = pzxid;
    this.acl[row] = OPEN_ACL_INDEX;
    this.owner[row] = 0n;
  }

  #grow(): void {
    const capacity = capacityAfter(this.#capacity);
    this.#capacity = capacity;
    this.firstChild = grown(this.firstChild, capacity);
    this.childCount = grown(this.childCount, capacity);
    this.cversion = grown(this.cversion, capacity);
    this.aversion = grown(this.aversion, capacity);
    this.pzxid = grown(this.pzxid, capacity);
    this.acl = grown(this.acl, capacity);
    this.owner = grown(this.owner, capacity);
  }
}

const NO_CHILD = -1;
