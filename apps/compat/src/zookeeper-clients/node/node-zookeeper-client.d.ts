/** As much of the client as its agent uses; it has no types of its own. */
declare module 'node-zookeeper-client' {
  export interface Stat {
    readonly version: number;
    readonly cversion: number;
    readonly aversion: number;
    readonly dataLength: number;
    readonly numChildren: number;
    readonly ephemeralOwner: Buffer;
  }

  export interface Event {
    readonly name: string;
    readonly path: string;
  }

  export type Done<Result extends unknown[]> = (
    error: (Error & { readonly name: string }) | null,
    ...result: Result
  ) => void;
  export type Watch = (event: Event) => void;

  export interface Client {
    connect(): void;
    close(): void;
    on(event: 'expired', listener: () => void): this;
    once(event: string, listener: () => void): this;
    getSessionId(): Buffer;
    addAuthInfo(scheme: string, auth: Buffer): void;
    create(path: string, data: Buffer | null, acls: unknown, mode: number, done: Done<[string]>): void;
    remove(path: string, version: number, done: Done<[]>): void;
    exists(path: string, watch: Watch | null, done: Done<[Stat | null]>): void;
    getData(path: string, watch: Watch | null, done: Done<[Buffer | undefined, Stat]>): void;
    setData(path: string, data: Buffer | null, version: number, done: Done<[Stat]>): void;
    getACL(path: string, done: Done<[readonly { readonly id: { readonly id: string } }[], Stat]>): void;
    setACL(path: string, acls: unknown, version: number, done: Done<[Stat]>): void;
    getChildren(path: string, watch: Watch | null, done: Done<[string[], Stat]>): void;
    transaction(): Transaction;
  }

  export interface Transaction {
    create(path: string, data?: Buffer): this;
    setData(path: string, data: Buffer, version?: number): this;
    check(path: string, version?: number): this;
    remove(path: string, version?: number): this;
    commit(done: Done<[readonly { readonly type: number; readonly path?: string; readonly err?: number }[]]>): void;
  }

  export function createClient(connect: string, options: { readonly sessionTimeout: number }): Client;
  export const CreateMode: Readonly<Record<'PERSISTENT' | 'EPHEMERAL' | 'PERSISTENT_SEQUENTIAL', number>>;
  export const ACL: {
    readonly OPEN_ACL_UNSAFE: unknown;
    readonly CREATOR_ALL_ACL: readonly unknown[];
    readonly READ_ACL_UNSAFE: readonly unknown[];
  };
}
