import {
  decodeController,
  decodeControllerEpoch,
  decodePartitionState,
  decodeTopicAssignment,
  PATHS,
  topicPath,
} from '@biquorum/kafka-znodes';
import type { DataTree } from '@biquorum/zookeeper';
import { type LoggedTxn, OpCode, type Txn } from '@biquorum/zookeeper-wire';
import type { Verdict } from '../verdict.ts';
import { CHROOT } from './plan-zookeeper.ts';
import { dataOf } from './znode-view.ts';

const STATE = /^\/brokers\/topics\/([^/]+)\/partitions\/(\d+)\/state$/;

/**
 * What is written to ZooKeeper, transaction by transaction: only the controller elected last writes the states of
 * partitions, under its own epoch; epochs never fall; one leader of a partition in an epoch; an ISR of replicas with the
 * leader in it.
 */
export class ZnodeChecker {
  readonly #verdict: Verdict;
  readonly #tell: (what: string) => void;
  /** By topic id, partition and leader epoch. */
  readonly #leaders: Map<string, number> = new Map();
  /** Leader epochs by topic id and partition. */
  readonly #epochs: Map<string, number> = new Map();
  /** Who was elected, one after the other. */
  readonly #elections: number[] = [];
  /** By broker and life: the last election of which its view tells. */
  readonly #heardOf: Map<string, number> = new Map();
  #controllerEpoch = -1;
  /** The session of who raised the epoch last. */
  #governs = 0n;
  /** How many states were looked at. */
  checked = 0;

  constructor(verdict: Verdict, tell: (what: string) => void) {
    this.#verdict = verdict;
    this.#tell = tell;
  }

  /** Looks at a transaction that the tree has just taken. */
  applied(tree: DataTree, { header, body }: LoggedTxn): void {
    // Refused as a whole when one of it is.
    const parts = body.type === OpCode.multi ? body.txn.txns : [body];
    if (parts.some(({ type }) => type === OpCode.error)) return;
    for (const part of parts) {
      const path = writtenPath(part);
      if (!path?.startsWith(CHROOT)) continue;
      const own = path.slice(CHROOT.length);
      if (own === PATHS.controllerEpoch) this.#elected(tree, header.clientId);
      const state = STATE.exec(own);
      if (state !== null) this.#decided(tree, own, header.clientId, state[1] as string, Number(state[2]));
    }
  }

  /** Looks at whom a broker takes for the controller, in one life of its process. */
  lookAt(brokerId: number, life: number, controller: number): void {
    if (controller < 0) return;
    const key = `${brokerId} in life ${life}`;
    const before = this.#heardOf.get(key) ?? 0;
    const election = this.#elections.indexOf(controller, before);
    if (election >= 0) {
      this.#heardOf.set(key, election);
      return;
    }
    const detail = `broker ${brokerId} obeys ${controller} after ${this.#elections[before]}; elected were ${this.#elections}`;
    this.#verdict.violate('controllers of old are not obeyed', detail);
  }

  #elected(tree: DataTree, sessionId: bigint): void {
    const epoch = decodeControllerEpoch(dataOf(tree, PATHS.controllerEpoch) ?? null);
    if (epoch <= this.#controllerEpoch) {
      this.#verdict.violate('controller epochs rise', `from ${this.#controllerEpoch} to ${epoch}`);
    }
    this.#controllerEpoch = epoch;
    this.#governs = sessionId;
    const office = dataOf(tree, PATHS.controller);
    if (office !== undefined) this.#elections.push(decodeController(office).brokerId);
    this.#tell(`controller epoch ${epoch}, of session ${sessionId.toString(16)}`);
  }

  #decided(tree: DataTree, path: string, sessionId: bigint, topic: string, index: number): void {
    const data = dataOf(tree, path);
    const assigned = dataOf(tree, topicPath(topic));
    if (data === undefined || assigned === undefined) return;
    this.checked += 1;
    const { leader, leaderEpoch, isr, controllerEpoch } = decodePartitionState(data);
    const { topicId, partitions } = decodeTopicAssignment(assigned);
    const replicas = partitions.get(index)?.replicas ?? [];
    const where = `${topic}-${index} in epoch ${leaderEpoch}`;
    this.#tell(`${topic}-${index}: leader ${leader}, epoch ${leaderEpoch}, isr ${isr} of ${replicas}`);
    if (sessionId !== this.#governs || controllerEpoch !== this.#controllerEpoch) {
      const detail =
        `${where} was written by session ${sessionId.toString(16)} as controller of epoch ${controllerEpoch}; ` +
        `session ${this.#governs.toString(16)} has epoch ${this.#controllerEpoch}`;
      this.#verdict.violate('controllers of old write nothing', detail);
    }
    const key = `${topicId}-${index}`;
    if (leaderEpoch < (this.#epochs.get(key) ?? 0)) {
      this.#verdict.violate('leader epochs never fall', `${where}, after ${this.#epochs.get(key)}`);
    }
    this.#epochs.set(key, leaderEpoch);
    if (leader >= 0) {
      const known = this.#leaders.get(`${key}-${leaderEpoch}`) ?? leader;
      if (known !== leader) this.#verdict.violate('one leader in an epoch', `${where}: ${known} and ${leader}`);
      this.#leaders.set(`${key}-${leaderEpoch}`, leader);
      if (!isr.includes(leader)) this.#verdict.violate('leaders are in sync', `${where}: ${leader} not in ${isr}`);
    }
    if (isr.length === 0 || !isr.every((id) => replicas.includes(id))) {
      this.#verdict.violate('an ISR is made of replicas', `${where}: ${isr} of ${replicas}`);
    }
  }
}

function writtenPath({ type, txn }: Txn): string | undefined {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.setData:
      return txn.path;
    default:
      return undefined;
  }
}
