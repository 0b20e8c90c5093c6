import { closeSync, fdatasync, openSync, writevSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** A file that grows, with group commit: what comes while a sync is under way waits for the next one. */
export class BareLog {
  readonly #fd: number;
  #size = 0;
  #syncing = false;
  readonly #onSynced: (size: number) => void;

  constructor(path: string, onSynced: (size: number) => void) {
    this.#fd = openSync(path, 'w');
    this.#onSynced = onSynced;
  }

  append(chunks: readonly Uint8Array[]): void {
    writevSync(this.#fd, chunks as Uint8Array[], this.#size);
    for (const { length } of chunks) this.#size += length;
    if (!this.#syncing) this.#sync();
  }

  close(): void {
    closeSync(this.#fd);
  }

  #sync(): void {
    this.#syncing = true;
    const size = this.#size;
    fdatasync(this.#fd, (error) => {
      if (error !== null) throw error;
      this.#onSynced(size);
      if (this.#size > size) this.#sync();
      else this.#syncing = false;
    });
  }
}

/** A follower without consensus: writes what comes, and answers how much of it is on the disk. */
export function bareFollower(path: string, onPort: (port: number) => void): void {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const log = new BareLog(path, (size) => {
      const answer = Buffer.alloc(8);
      answer.writeBigUInt64BE(BigInt(size));
      socket.write(answer);
    });
    socket.on('data', (chunk) => log.append([chunk]));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) onPort(address.port);
  });
}

/** A leader without consensus: writes, sends, and calls an entry committed once two of three disks have it. */
export class BareLeader {
  readonly #log: BareLog;
  readonly #followers: readonly Socket[];
  readonly #synced = [0, 0, 0];
  readonly #waiting: { readonly end: number; readonly resolve: () => void }[] = [];
  #head = 0;
  #batch: Uint8Array[] = [];
  #size = 0;

  constructor(path: string, followers: readonly Socket[]) {
    this.#log = new BareLog(path, (size) => this.#progress(0, size));
    this.#followers = followers;
    for (const [at, socket] of followers.entries()) {
      let rest = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        const whole = rest.length - (rest.length % 8);
        if (whole === 0) return;
        this.#progress(at + 1, Number(rest.readBigUInt64BE(whole - 8)));
        rest = rest.subarray(whole);
      });
    }
  }

  propose(entry: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#batch.length === 0) setImmediate(() => this.#flush());
      const header = new Uint8Array(4);
      new DataView(header.buffer).setUint32(0, entry.length);
      this.#batch.push(header, entry);
      this.#size += 4 + entry.length;
      this.#waiting.push({ end: this.#size, resolve });
    });
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#batch);
    this.#batch = [];
    for (const socket of this.#followers) socket.write(bytes);
    this.#log.append([bytes]);
  }

  #progress(who: number, size: number): void {
    this.#synced[who] = size;
    const committed = this.#synced.toSorted((a, b) => b - a)[1] as number;
    for (
      let head = this.#waiting[this.#head];
      head !== undefined && head.end <= committed;
      head = this.#waiting[this.#head]
    ) {
      this.#head++;
      head.resolve();
    }
    if (this.#head > 4096) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
