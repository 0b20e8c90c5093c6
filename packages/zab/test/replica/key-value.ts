import { createReplica, type Machine, onDisk, overTcp, type Peer, type Replica } from '@biquorum/consensus';
import type { Ports } from '@biquorum/platform';
import { zab } from '@biquorum/zab';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

/** A key-value store that survives the loss of any minority of its members. */
export class KeyValueStore {
  readonly replica: Replica<void>;
  readonly #values: Map<string, string>;

  static async open(id: number, peers: Peer[], directory: string, ports: Ports): Promise<KeyValueStore> {
    const values = new Map<string, string>();
    const machine: Machine<void> = {
      apply: (command) => void values.set(...(decode(command) as [string, string])),
      snapshot: () => encode([...values]),
      restore: (state) => {
        values.clear();
        for (const [key, value] of decode(state)) values.set(key, value);
      },
    };
    const options = { id, peers, ports, machine, storage: onDisk(directory), network: overTcp() };
    return new KeyValueStore(await createReplica({ engine: zab(), ...options }), values);
  }

  private constructor(replica: Replica<void>, values: Map<string, string>) {
    this.replica = replica;
    this.#values = values;
  }

  set = (key: string, value: string): Promise<void> => this.replica.propose(encode([key, value]));

  get = (key: string): Promise<string | undefined> => this.replica.read(() => this.#values.get(key));
}
