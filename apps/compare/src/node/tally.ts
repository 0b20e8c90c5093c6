/** What went over connections of one kind. Each connection is counted where it was dialled, in both directions. */
export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
}

/** What a node's process has counted since it began. */
export interface NodeTally {
  readonly pid: number;
  /** Between nodes, about metadata: everything but replicas that fetch records. */
  readonly control: Traffic;
  /** Records that follow their leaders. */
  readonly replication: Traffic;
  /** Calls that wait for the device: of what the government of the cluster keeps, and of records. */
  readonly syncs: { readonly control: number; readonly records: number };
}

/** Counts up. */
export class Tally {
  readonly #traffic: Record<'control' | 'replication', { messages: number; bytes: number }> = {
    control: { messages: 0, bytes: 0 },
    replication: { messages: 0, bytes: 0 },
  };
  readonly #syncs: Record<'control' | 'records', number> = { control: 0, records: 0 };

  message(kind: 'control' | 'replication', bytes: number): void {
    this.#traffic[kind].messages += 1;
    this.#traffic[kind].bytes += bytes;
  }

  bytes(kind: 'control' | 'replication', bytes: number): void {
    this.#traffic[kind].bytes += bytes;
  }

  sync(kind: 'control' | 'records'): void {
    this.#syncs[kind] += 1;
  }

  read(): NodeTally {
    const { control, replication } = this.#traffic;
    return { pid: process.pid, control: { ...control }, replication: { ...replication }, syncs: { ...this.#syncs } };
  }
}
