import { type ByteReader, BytesError, type ByteWriter } from '@biquorum/std';
import { bool, int, type Jute, record } from '../jute.ts';
import { OpCode } from '../opcodes.ts';
import { type Stat, stat } from './data.ts';
import { type Create2Reply, create2Reply, type DataReply, dataReply, names } from './replies.ts';
import {
  type CreateRequest,
  type CreateTtlRequest,
  createRequest,
  createTtlRequest,
  type PathVersionRequest,
  type PathWatchRequest,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  type SetDataRequest,
  setDataRequest,
} from './requests.ts';

interface MultiHeader {
  readonly type: number;
  readonly done: boolean;
  readonly err: number;
}

const multiHeader: Jute<MultiHeader> = record<MultiHeader>({ type: int, done: bool, err: int });
const END: MultiHeader = { type: OpCode.error, done: true, err: -1 };

/** One operation of a multi or multiRead. Mixing both kinds is for the server to refuse. */
export type MultiOp =
  | {
      readonly type: typeof OpCode.create | typeof OpCode.create2 | typeof OpCode.createContainer;
      readonly request: CreateRequest;
    }
  | { readonly type: typeof OpCode.createTTL; readonly request: CreateTtlRequest }
  | { readonly type: typeof OpCode.delete; readonly request: PathVersionRequest }
  | { readonly type: typeof OpCode.check; readonly request: PathVersionRequest }
  | { readonly type: typeof OpCode.setData; readonly request: SetDataRequest }
  | { readonly type: typeof OpCode.getData; readonly request: PathWatchRequest }
  | { readonly type: typeof OpCode.getChildren; readonly request: PathWatchRequest };

/** How the operations of a `multi` or `multiRead` look. */
export const multiRequest: Jute<readonly MultiOp[]> = {
  write(writer, ops) {
    for (const op of ops) {
      multiHeader.write(writer, { type: op.type, done: false, err: -1 });
      writeOp(writer, op);
    }
    multiHeader.write(writer, END);
  },
  read(reader) {
    const ops: MultiOp[] = [];
    for (;;) {
      const at = reader.offset;
      const { type, done } = multiHeader.read(reader);
      if (done) return ops;
      ops.push(readOp(reader, type, at));
    }
  },
};

/** How one operation ended. */
export type MultiResult =
  | { readonly type: typeof OpCode.create; readonly path: string }
  | ({ readonly type: typeof OpCode.create2 } & Create2Reply)
  | { readonly type: typeof OpCode.delete | typeof OpCode.check }
  | { readonly type: typeof OpCode.setData; readonly stat: Stat }
  | ({ readonly type: typeof OpCode.getData } & DataReply)
  | { readonly type: typeof OpCode.getChildren; readonly children: readonly string[] }
  | { readonly type: typeof OpCode.error; readonly err: number };

/** How the answer to a `multi` or `multiRead` looks. */
export const multiReply: Jute<readonly MultiResult[]> = {
  write(writer, results) {
    for (const result of results) {
      const err = result.type === OpCode.error ? result.err : 0;
      multiHeader.write(writer, { type: result.type, done: false, err });
      writeResult(writer, result);
    }
    multiHeader.write(writer, END);
  },
  read(reader) {
    const results: MultiResult[] = [];
    for (;;) {
      const at = reader.offset;
      const { type, done } = multiHeader.read(reader);
      if (done) return results;
      results.push(readResult(reader, type, at));
    }
  },
};

function writeOp(writer: ByteWriter, op: MultiOp): void {
  switch (op.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      createRequest.write(writer, op.request);
      return;
    case OpCode.createTTL:
      createTtlRequest.write(writer, op.request);
      return;
    case OpCode.delete:
    case OpCode.check:
      pathVersionRequest.write(writer, op.request);
      return;
    case OpCode.setData:
      setDataRequest.write(writer, op.request);
      return;
    default:
      pathWatchRequest.write(writer, op.request);
  }
}

function readOp(reader: ByteReader, type: number, at: number): MultiOp {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return { type, request: createRequest.read(reader) };
    case OpCode.createTTL:
      return { type, request: createTtlRequest.read(reader) };
    case OpCode.delete:
    case OpCode.check:
      return { type, request: pathVersionRequest.read(reader) };
    case OpCode.setData:
      return { type, request: setDataRequest.read(reader) };
    case OpCode.getData:
    case OpCode.getChildren:
      return { type, request: pathWatchRequest.read(reader) };
    default:
      throw new BytesError('out-of-range', at, 4, 4, `operation ${type} cannot stand in a multi`);
  }
}

function writeResult(writer: ByteWriter, result: MultiResult): void {
  switch (result.type) {
    case OpCode.create:
      pathRecord.write(writer, result);
      return;
    case OpCode.create2:
      create2Reply.write(writer, result);
      return;
    case OpCode.setData:
      stat.write(writer, result.stat);
      return;
    case OpCode.getData:
      dataReply.write(writer, result);
      return;
    case OpCode.getChildren:
      names.write(writer, result.children);
      return;
    case OpCode.error:
      int.write(writer, result.err);
      return;
    default:
    // delete and check have no body.
  }
}

function readResult(reader: ByteReader, type: number, at: number): MultiResult {
  switch (type) {
    case OpCode.create:
      return { type, ...pathRecord.read(reader) };
    case OpCode.create2:
      return { type, ...create2Reply.read(reader) };
    case OpCode.delete:
    case OpCode.check:
      return { type };
    case OpCode.setData:
      return { type, stat: stat.read(reader) };
    case OpCode.getData:
      return { type, ...dataReply.read(reader) };
    case OpCode.getChildren:
      return { type, children: names.read(reader) };
    case OpCode.error:
      return { type, err: int.read(reader) };
    default:
      throw new BytesError('out-of-range', at, 4, 4, `result ${type} cannot stand in a multi`);
  }
}
