import type { Stat, Zxid } from '@biquorum/zookeeper-wire';

/**
 * Tells what a server says in words that do not depend on the server: zxids by how many transactions the run has had
 * until then, sessions by their number, times by the transaction that they must be the time of, paths from the run's root.
 */
export class Facts {
  readonly #root: string;
  readonly #zxid: Zxid;
  readonly #sessions: Map<bigint, string> = new Map([[0n, '0']]);
  readonly #times: Map<Zxid, number> = new Map();

  /** @param zxid of the transaction that made the root */
  constructor(root: string, zxid: Zxid) {
    this.#root = root;
    this.#zxid = zxid;
  }

  /** From now on the session goes by this name. */
  learn(sessionId: bigint, name: string): void {
    this.#sessions.set(sessionId, name);
  }

  zxid(zxid: Zxid): string {
    if (zxid <= 0) return String(zxid);
    return zxid < this.#zxid ? 'before' : `+${zxid - this.#zxid}`;
  }

  session(sessionId: bigint): string {
    return this.#sessions.get(sessionId) ?? 'unheard of';
  }

  path(path: string): string {
    return path === this.#root || path.startsWith(`${this.#root}/`) ? `~${path.slice(this.#root.length)}` : `!${path}`;
  }

  stat(stat: Stat): string {
    const { czxid, mzxid, pzxid, version, cversion, aversion, dataLength, numChildren } = stat;
    const zxids = [czxid, mzxid, pzxid].map((zxid) => this.zxid(zxid)).join(' ');
    const owner = this.session(stat.ephemeralOwner);
    const times = `${this.#time(czxid, stat.ctimeMs)} ${this.#time(mzxid, stat.mtimeMs)}`;
    return `{${zxids} v${version} c${cversion} a${aversion} of ${owner}, ${dataLength} bytes, ${numChildren} children, ${times}}`;
  }

  /** The time of a transaction is the same wherever it stands, and no earlier than that of those before it. */
  #time(zxid: Zxid, timeMs: number): string {
    const known = this.#times.get(zxid);
    if (known !== undefined) return known === timeMs ? 'then' : `at ${timeMs} instead of ${known}`;
    for (const [other, otherMs] of this.#times) {
      // A wall clock may be set back by a little.
      if (zxid > 0 && other > 0 && other < zxid && otherMs > timeMs + 1_000) return `earlier than ${this.zxid(other)}`;
    }
    this.#times.set(zxid, timeMs);
    return 'then';
  }
}
