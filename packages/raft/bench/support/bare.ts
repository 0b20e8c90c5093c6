import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync, writevSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/**
 * A file with group commit: what comes while a sync is under way waits for the next one. It grows, as the simplest log
 * does; or it was written full of zeros beforehand and is overwritten again and again, so that a sync has no new length
 * to write.
 */
export class BareLog {
  readonly #fd: number;
  readonly #prewrittenBytes: number;
  #size = 0;
  #syncing = false;
  readonly #onSynced: (size: number) => void;

  /** @param prewrittenBytes How long the file is from the start; 0 for one that grows. */
  constructor(path: string, prewrittenBytes: number, onSynced: (size: number) => void) {
    this.#fd = openSync(path, 'w');
    this.#prewrittenBytes = prewrittenBytes;
    this.#onSynced = onSynced;
    if (prewrittenBytes > 0) writeSync(this.#fd, new Uint8Array(prewrittenBytes), 0);
    fdatasyncSync(this.#fd);
  }

  append(chunks: readonly Uint8Array[]): void {
    const position = this.#prewrittenBytes === 0 ? this.#size : this.#size % this.#prewrittenBytes;
    writevSync(this.#fd, chunks as Uint8Array[], position);
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
export function bareFollower(path: string, prewrittenBytes: number, onPort: (port: number) => void): void {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const log = new BareLog(path, prewrittenBytes, (size) => {
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

  constructor(path: string, prewrittenBytes: number, followers: readonly Socket[]) {
    this.#log = new BareLog(path, prewrittenBytes, (size) => this.#progress(0, size));
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
