/** What a client can ask, and what stands in the transaction log, by number. Source: Java `ZooDefs.OpCode`. */
export const OpCode = {
  notification: 0,
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  /** Only inside a multi. */
  check: 13,
  multi: 14,
  create2: 15,
  reconfig: 16,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  /** Made by servers only. */
  deleteContainer: 20,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  setWatches: 101,
  sasl: 102,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  /** Made by servers only. */
  createSession: -10,
  closeSession: -11,
  error: -1,
} as const;

/** The name of an operation. */
export type OpName = keyof typeof OpCode;

/** A number of {@link OpCode}. */
export type OpCode = (typeof OpCode)[OpName];

const names: ReadonlyMap<number, OpName> = new Map(
  Object.entries(OpCode).map(([name, code]) => [code, name as OpName]),
);

/** The name of an operation's number; undefined when there is none. */
export function opName(code: number): OpName | undefined {
  return names.get(code);
}

/** Transaction ids of requests that are no calls. */
export const Xid = {
  /** What a server sends unasked: a watch has fired. */
  notification: -1,
  ping: -2,
  auth: -4,
  setWatches: -8,
} as const;
