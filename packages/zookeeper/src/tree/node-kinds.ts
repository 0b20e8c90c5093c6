/** What becomes of a node by itself. */
export type NodeKind = 'persistent' | 'ephemeral' | 'container' | 'ttl';

/** How the stored owner of a node tells its kind. */
export interface NodeKinds {
  kindOf(owner: bigint): NodeKind;
  /** The time to live of a `ttl` node, in milliseconds. */
  ttlOf(owner: bigint): number;
  /** The stored owner of a node with a time to live. */
  ownerOfTtl(ttlMs: number): bigint;
}

/** The owner of a container: −2^63. */
export const CONTAINER_OWNER = -0x8000_0000_0000_0000n;

/** The longest time to live: 40 bits less one. */
export const TTL_MS_MAX = 0xff_ffff_ffff;

const TTL_MASK = 0xff_ffff_ffffn;
const EXTENDED_MARK = 0xff00_0000_0000_0000n;
const EXTENDED_RESERVED = 0x00ff_ff00_0000_0000n;

/** Without `extendedTypesEnabled`: there is no time to live. */
export const basicKinds: NodeKinds = {
  kindOf: (owner) => (owner === 0n ? 'persistent' : owner === CONTAINER_OWNER ? 'container' : 'ephemeral'),
  ttlOf: () => 0,
  ownerOfTtl: () => 0n,
};

/** With `extendedTypesEnabled`: an owner whose first byte is 0xff holds a time to live. Java `EphemeralType`. */
export const extendedKinds: NodeKinds = {
  kindOf(owner) {
    const bits = BigInt.asUintN(64, owner);
    if ((bits & EXTENDED_MARK) === EXTENDED_MARK && (bits & EXTENDED_RESERVED) === 0n) return 'ttl';
    return basicKinds.kindOf(owner);
  },
  ttlOf: (owner) => Number(owner & TTL_MASK),
  ownerOfTtl: (ttlMs) => BigInt.asIntN(64, EXTENDED_MARK | BigInt(ttlMs)),
};

/**
 * With `emulate353TTLNodes` besides: what ZooKeeper 3.5.3 wrote counts too, where every negative owner but that of a
 * container holds a time to live. Java `EphemeralTypeEmulate353`.
 */
export const emulated353Kinds: NodeKinds = {
  ...extendedKinds,
  kindOf: (owner) => (owner < 0n && owner !== CONTAINER_OWNER ? 'ttl' : extendedKinds.kindOf(owner)),
};
