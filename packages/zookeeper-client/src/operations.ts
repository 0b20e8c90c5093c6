import {
  type Acl,
  type CreateMode,
  createMode,
  type MultiOp,
  OPEN_ACL,
  OpCode,
  type Stat,
} from '@biquorum/zookeeper-wire';

/** How a node is created. */
export interface CreateOptions {
  /** `persistent` by default. */
  readonly mode?: CreateMode['name'];
  /** Everybody may do everything by default. */
  readonly acl?: readonly Acl[];
  /** For modes with a time to live, in milliseconds. */
  readonly ttlMs?: number;
}

/** One operation of a multi. */
export type Operation =
  | { readonly op: 'create'; readonly path: string; readonly data: Uint8Array | null; readonly options?: CreateOptions }
  | { readonly op: 'delete' | 'check'; readonly path: string; readonly version: number }
  | { readonly op: 'setData'; readonly path: string; readonly data: Uint8Array | null; readonly version: number };

/** What one operation of a multi came to. */
export type OperationResult =
  | { readonly op: 'create'; readonly path: string; readonly stat: Stat | null }
  | { readonly op: 'delete' | 'check' }
  | { readonly op: 'setData'; readonly stat: Stat };

/** The request of a creation, by its mode. */
export function createOp(
  path: string,
  data: Uint8Array | null,
  { mode = 'persistent', acl = OPEN_ACL, ttlMs }: CreateOptions = {},
  withStat: boolean = false,
): Extract<MultiOp, { type: 1 | 15 | 19 | 21 }> {
  const { flags, container, ttl } = createMode(mode);
  const request = { path, data, acl, flags };
  if (ttl) {
    if (ttlMs === undefined)
      throw new RangeError(`${path}: mode ${mode} needs ttlMs, the time to live in milliseconds`);
    return { type: OpCode.createTTL, request: { ...request, ttlMs } };
  }
  if (container) return { type: OpCode.createContainer, request };
  return { type: withStat ? OpCode.create2 : OpCode.create, request };
}

/** An operation as it is sent. */
export function multiOp(operation: Operation, path: string): MultiOp {
  switch (operation.op) {
    case 'create':
      return createOp(path, operation.data, operation.options);
    case 'delete':
      return { type: OpCode.delete, request: { path, version: operation.version } };
    case 'check':
      return { type: OpCode.check, request: { path, version: operation.version } };
    default:
      return { type: OpCode.setData, request: { path, data: operation.data, version: operation.version } };
  }
}
