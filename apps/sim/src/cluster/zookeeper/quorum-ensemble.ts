import type { MemoryHostOptions, MemoryWorld } from '@biquorum/platform/testing';
import { crc32c, type Prng } from '@biquorum/std';
import { applyTxn, DataTree, type EnsembleConfig, type SessionTable, type WriteRequest } from '@biquorum/zookeeper';
import { type LoggedTxn, loggedTxn, OpCode, toBytes, type Zxid } from '@biquorum/zookeeper-wire';
import { ToldTelemetry } from '../told-telemetry.ts';
import type { Verdict } from '../verdict.ts';
import { CHROOT } from './plan-zookeeper.ts';
import { QuorumServer } from './quorum-server.ts';
import type { SimulatedEnsemble } from './simulated-ensemble.ts';

/** What a simulated ensemble is made from. */
export interface QuorumEnsembleParts {
  readonly world: MemoryWorld;
  /** A host for each server. */
  readonly hosts: readonly string[];
  /** Draws what one of their machines is like. */
  readonly machine: () => MemoryHostOptions;
  readonly prng: Prng;
  readonly verdict: Verdict;
  readonly tell: (what: string) => void;
  /** Told of each transaction once, when the first server has applied it. */
  readonly onTxn: (txn: LoggedTxn) => void;
}

/** Limits so short that a run holds many leaders. */
const TICK_MS = 250;
const INIT_LIMIT = 12;
const SYNC_LIMIT = 6;
const QUORUM_PORT = 2888;
const ELECTION_PORT = 3888;

/**
 * An ensemble of servers over ZAB. What the first of them applies is committed: it is written down here, and all others
 * must come to apply the same, in the same order.
 */
export class QuorumEnsemble implements SimulatedEnsemble {
  readonly tree: DataTree = new DataTree();
  readonly #servers: readonly QuorumServer[];
  readonly #parts: QuorumEnsembleParts;
  readonly #sessions: Set<bigint> = new Set();
  readonly #table: SessionTable = {
    created: (sessionId) => void this.#sessions.add(sessionId),
    closed: (sessionId) => void this.#sessions.delete(sessionId),
  };
  /** A sum of each transaction that some server has applied. */
  readonly #applied: Map<Zxid, number> = new Map();
  #lastZxid: Zxid = 0;

  constructor(parts: QuorumEnsembleParts) {
    this.#parts = parts;
    const { world, hosts, machine } = parts;
    const servers = hosts.map((host, index) => ({
      id: index + 1,
      addresses: [{ host, quorumPort: QUORUM_PORT, electionPort: ELECTION_PORT }],
      role: 'participant' as const,
      client: null,
    }));
    const common = { servers, tickMs: TICK_MS, initLimit: INIT_LIMIT, syncLimit: SYNC_LIMIT };
    this.#servers = hosts.map((host, index) => {
      const telemetry = new ToldTelemetry((what) => parts.tell(`  ${host}: ${what}`));
      const config: EnsembleConfig = { id: index + 1, ...common };
      return new QuorumServer(world.addHost(host, { ...machine(), telemetry }), config, {
        applied: (server, txn) => this.#onApplied(server, txn),
        failed: ({ id }, error) => {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
          parts.verdict.violate('servers of the ensemble run', `server ${id}: ${text}`);
        },
      });
    });
    for (const server of this.#servers) server.start();
  }

  /** One server dies, or at times all of them; of their machines the power may fail. */
  kill(prng: Prng): (() => void) | null {
    const victims = prng.chance(0.15) ? this.#awake : this.#one(prng);
    if (victims.length === 0) return null;
    const how = prng.chance(0.4) ? 'powerOff' : 'kill';
    this.#parts.tell(`${how} of servers ${victims.map(({ id }) => id)} of the ensemble`);
    for (const victim of victims) victim.end(how);
    return () => {
      for (const victim of victims) victim.start();
    };
  }

  /** One server stands still, the leader above all. */
  pause(prng: Prng): (() => void) | null {
    const [victim] = this.#one(prng);
    if (victim === undefined) return null;
    this.#parts.tell(`server ${victim.id} of the ensemble stands still`);
    victim.pause();
    return () => victim.resume();
  }

  expireOne(prng: Prng): void {
    const sessions = [...this.#sessions];
    if (sessions.length > 0) this.#submit(prng.pick(sessions), { type: OpCode.closeSession });
  }

  remove(path: string): void {
    this.#submit(0n, { type: OpCode.delete, request: { path: `${CHROOT}${path}`, version: -1 } });
  }

  get #awake(): readonly QuorumServer[] {
    return this.#servers.filter(({ isAwake }) => isAwake);
  }

  get #leader(): QuorumServer | undefined {
    return this.#awake.find(({ node }) => node?.leading != null);
  }

  #one(prng: Prng): readonly QuorumServer[] {
    const { length } = this.#awake;
    if (length === 0) return [];
    const leader = this.#leader;
    return leader !== undefined && prng.chance(0.6) ? [leader] : [prng.pick([...this.#awake])];
  }

  /** As the leader does by itself. Without one nothing happens. */
  #submit(sessionId: bigint, request: WriteRequest): void {
    this.#leader?.node?.submit({ sessionId, cxid: 0, request, ids: [], owner: null });
  }

  #onApplied(server: QuorumServer, txn: LoggedTxn): void {
    const { zxid } = txn.header;
    const sum = crc32c(toBytes(loggedTxn, txn));
    if (zxid > this.#lastZxid) {
      this.#applied.set(zxid, sum);
      this.#lastZxid = zxid;
      applyTxn(this.tree, this.#table, txn);
      this.#parts.onTxn(txn);
    } else if (this.#applied.get(zxid) !== sum) {
      const detail = `what server ${server.id} has applied at ${zxid.toString(16)} is not what others have`;
      this.#parts.verdict.violate('all servers apply the same', detail);
    }
    const { counters } = (server.node as NonNullable<typeof server.node>).server.stats.metrics;
    if (counters.digest_mismatches_count.value > 0) {
      this.#parts.verdict.violate('the digests of all trees are equal', `server ${server.id} at ${zxid.toString(16)}`);
    }
  }
}
