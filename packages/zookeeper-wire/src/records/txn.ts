import { ByteReader, BytesError, type ByteWriter } from '@biquorum/std';
import { bool, buffer, int, type Jute, long, record, text, vector, wide } from '../jute.ts';
import { OpCode } from '../opcodes.ts';
import type { Zxid } from '../zxid.ts';
import { type Acl, acls } from './data.ts';

/** What stands before every transaction, in the log and in proposals. */
export interface TxnHeader {
  /** The session that asked for it. */
  readonly clientId: bigint;
  readonly cxid: number;
  readonly zxid: Zxid;
  readonly timeMs: number;
  readonly type: number;
}

/** How a {@link TxnHeader} looks. */
export const txnHeader: Jute<TxnHeader> = record<TxnHeader>({
  clientId: wide,
  cxid: int,
  zxid: long,
  timeMs: long,
  type: int,
});

/** Creates a node; `parentCVersion` is the parent's new stored `cversion`. */
export interface CreateTxn {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly ephemeral: boolean;
  readonly parentCVersion: number;
}

/** Creates a container. */
export interface CreateContainerTxn {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly parentCVersion: number;
}

/** Creates a node with a time to live. */
export interface CreateTtlTxn extends CreateContainerTxn {
  readonly ttlMs: number;
}

/** Removes a node. */
export interface DeleteTxn {
  readonly path: string;
}

/** Replaces a node's data; `version` is the new one. */
export interface SetDataTxn {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly version: number;
}

/** A check that a multi passed. */
export interface CheckVersionTxn {
  readonly path: string;
  readonly version: number;
}

/** Replaces a node's ACL; `version` is the new `aversion`. */
export interface SetAclTxn {
  readonly path: string;
  readonly acl: readonly Acl[];
  readonly version: number;
}

/** Begins a session. */
export interface CreateSessionTxn {
  readonly timeoutMs: number;
}

/** Ends a session; `paths` are the ephemerals that go with it, null where an old server did not write them. */
export interface CloseSessionTxn {
  readonly paths: readonly string[] | null;
}

/** A request that failed and has taken a zxid all the same. */
export interface ErrorTxn {
  readonly err: number;
}

/** The transactions of a multi: all of them, or none when one is an error. */
export interface MultiTxn {
  readonly txns: readonly Txn[];
}

/** A transaction by its type. */
export type Txn =
  | { readonly type: typeof OpCode.create | typeof OpCode.create2; readonly txn: CreateTxn }
  | { readonly type: typeof OpCode.createContainer; readonly txn: CreateContainerTxn }
  | { readonly type: typeof OpCode.createTTL; readonly txn: CreateTtlTxn }
  | { readonly type: typeof OpCode.delete | typeof OpCode.deleteContainer; readonly txn: DeleteTxn }
  | { readonly type: typeof OpCode.setData | typeof OpCode.reconfig; readonly txn: SetDataTxn }
  | { readonly type: typeof OpCode.check; readonly txn: CheckVersionTxn }
  | { readonly type: typeof OpCode.setACL; readonly txn: SetAclTxn }
  | { readonly type: typeof OpCode.createSession; readonly txn: CreateSessionTxn }
  | { readonly type: typeof OpCode.closeSession; readonly txn: CloseSessionTxn }
  | { readonly type: typeof OpCode.error; readonly txn: ErrorTxn }
  | { readonly type: typeof OpCode.multi; readonly txn: MultiTxn };

/** The tree's digest after a transaction. */
export interface TxnDigest {
  readonly version: number;
  readonly treeDigest: bigint;
}

/** How a {@link TxnDigest} looks. */
export const txnDigest: Jute<TxnDigest> = record<TxnDigest>({ version: int, treeDigest: wide });

/** A whole transaction, as it stands in the log and in a proposal. */
export interface LoggedTxn {
  readonly header: Omit<TxnHeader, 'type'>;
  readonly body: Txn;
  /** Null after an error, and where an old server wrote none. */
  readonly digest: TxnDigest | null;
}

/** How a {@link LoggedTxn} looks. It takes all that is left of the bytes. */
export const loggedTxn: Jute<LoggedTxn> = {
  write(writer, { header, body, digest }) {
    txnHeader.write(writer, { ...header, type: body.type });
    writeTxn(writer, body);
    if (digest !== null) txnDigest.write(writer, digest);
  },
  read(reader) {
    const at = reader.offset;
    const { type, ...header } = txnHeader.read(reader);
    const body = readTxn(reader, type, at);
    return { header, body, digest: reader.remaining === 0 ? null : txnDigest.read(reader) };
  },
};

const createTxn: Jute<CreateTxn> = {
  write(writer, txn) {
    createTxnV0.write(writer, txn);
    int.write(writer, txn.parentCVersion);
  },
  // The oldest servers did not write the parent's version; then the number of creations tells.
  read: (reader) => ({
    ...createTxnV0.read(reader),
    parentCVersion: reader.remaining === 0 ? -1 : int.read(reader),
  }),
};

const createTxnV0: Jute<Omit<CreateTxn, 'parentCVersion'>> = record<Omit<CreateTxn, 'parentCVersion'>>({
  path: text,
  data: buffer,
  acl: acls,
  ephemeral: bool,
});

const createContainerTxn: Jute<CreateContainerTxn> = record<CreateContainerTxn>({
  path: text,
  data: buffer,
  acl: acls,
  parentCVersion: int,
});

const createTtlTxn: Jute<CreateTtlTxn> = record<CreateTtlTxn>({
  path: text,
  data: buffer,
  acl: acls,
  parentCVersion: int,
  ttlMs: long,
});

const deleteTxn: Jute<DeleteTxn> = record<DeleteTxn>({ path: text });
const setDataTxn: Jute<SetDataTxn> = record<SetDataTxn>({ path: text, data: buffer, version: int });
const checkVersionTxn: Jute<CheckVersionTxn> = record<CheckVersionTxn>({ path: text, version: int });
const setAclTxn: Jute<SetAclTxn> = record<SetAclTxn>({ path: text, acl: acls, version: int });
const createSessionTxn: Jute<CreateSessionTxn> = record<CreateSessionTxn>({ timeoutMs: int });
const errorTxn: Jute<ErrorTxn> = record<ErrorTxn>({ err: int });
const pathList: Jute<readonly string[]> = vector(text, 4);

const closeSessionTxn: Jute<CloseSessionTxn> = {
  write(writer, { paths }) {
    if (paths !== null) pathList.write(writer, paths);
  },
  read: (reader) => ({ paths: hasPaths(reader) ? pathList.read(reader) : null }),
};

/** Old servers wrote nothing here; a digest of version 2 may follow, and two paths do not fit into its 12 bytes. */
function hasPaths(reader: ByteReader): boolean {
  return reader.remaining > 0 && !(reader.remaining === DIGEST_BYTES && reader.view.getInt32(reader.offset) === 2);
}

const DIGEST_BYTES = 12;

interface SubTxn {
  readonly type: number;
  readonly data: Uint8Array | null;
}

const subTxns: Jute<readonly SubTxn[]> = vector(record<SubTxn>({ type: int, data: buffer }), 8);

function writeTxn(writer: ByteWriter, { type, txn }: Txn): void {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
      createTxn.write(writer, txn);
      return;
    case OpCode.createContainer:
      createContainerTxn.write(writer, txn);
      return;
    case OpCode.createTTL:
      createTtlTxn.write(writer, txn);
      return;
    case OpCode.delete:
    case OpCode.deleteContainer:
      deleteTxn.write(writer, txn);
      return;
    case OpCode.setData:
    case OpCode.reconfig:
      setDataTxn.write(writer, txn);
      return;
    case OpCode.check:
      checkVersionTxn.write(writer, txn);
      return;
    case OpCode.setACL:
      setAclTxn.write(writer, txn);
      return;
    case OpCode.createSession:
      createSessionTxn.write(writer, txn);
      return;
    case OpCode.closeSession:
      closeSessionTxn.write(writer, txn);
      return;
    case OpCode.error:
      errorTxn.write(writer, txn);
      return;
    default:
      writeMulti(writer, txn);
  }
}

/** Each with its length before it, so that who does not know a type can pass over it. */
function writeMulti(writer: ByteWriter, { txns }: MultiTxn): void {
  writer.i32(txns.length);
  for (const txn of txns) {
    writer.i32(txn.type);
    const at = writer.reserve(4);
    writeTxn(writer, txn);
    writer.patchI32(at, writer.position - at - 4);
  }
}

function readTxn(reader: ByteReader, type: number, at: number): Txn {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
      return { type, txn: createTxn.read(reader) };
    case OpCode.createContainer:
      return { type, txn: createContainerTxn.read(reader) };
    case OpCode.createTTL:
      return { type, txn: createTtlTxn.read(reader) };
    case OpCode.delete:
    case OpCode.deleteContainer:
      return { type, txn: deleteTxn.read(reader) };
    case OpCode.setData:
    case OpCode.reconfig:
      return { type, txn: setDataTxn.read(reader) };
    case OpCode.check:
      return { type, txn: checkVersionTxn.read(reader) };
    case OpCode.setACL:
      return { type, txn: setAclTxn.read(reader) };
    case OpCode.createSession:
      return { type, txn: createSessionTxn.read(reader) };
    case OpCode.closeSession:
      return { type, txn: closeSessionTxn.read(reader) };
    case OpCode.error:
      return { type, txn: errorTxn.read(reader) };
    case OpCode.multi:
      return { type, txn: { txns: subTxns.read(reader).map((sub) => readSubTxn(sub, at)) } };
    default:
      throw new BytesError('out-of-range', at, 4, 4, `transaction type ${type} is not known`);
  }
}

function readSubTxn({ type, data }: SubTxn, at: number): Txn {
  if (type === OpCode.multi) throw new BytesError('out-of-range', at, 4, 4, 'a multi stands in a multi');
  return readTxn(new ByteReader(data ?? new Uint8Array(0)), type, at);
}
