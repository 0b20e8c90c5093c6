import { ok } from 'node:assert';
import type { Prng } from '@biquorum/std';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import type { Acl } from '@biquorum/zookeeper-wire';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? new Uint8Array(0));

/** The owner of the load's own nodes; see {@link AS_BOB}. */
const BOB: Acl = { perms: 31, id: { scheme: 'digest', id: 'bob:ikIaKsbtGweaHnb/jKn7OHqbunM=' } };
const LISTS: readonly (readonly Acl[])[] = [
  [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }],
  [BOB],
  [
    { perms: 1, id: { scheme: 'world', id: 'anyone' } },
    { perms: 31, id: { scheme: 'ip', id: '127.0.0.1' } },
  ],
];
/** Java's vector: `bob:pw` is the identity in {@link BOB}. */
export const AS_BOB: Uint8Array = encode('bob:pw');

/** Makes nodes of every kind, changes and removes them; all of it has been acknowledged when it resolves. */
export async function fill(client: ZooKeeperClient, prng: Prng, round: number, count: number): Promise<void> {
  const root = `/round${round}`;
  await client.create(root);
  await client.create(`${root}/container`, null, { mode: 'container' });
  await client.create(`${root}/ephemeral`, encode('mine'), { mode: 'ephemeral' });
  await client.create(`${root}/ttl`, encode('soon'), { mode: 'persistentWithTtl', ttlMs: 3_600_000 });
  const made = Array.from({ length: count }, async (_, index) => {
    const path = `${root}/n${index}`;
    await client.create(path, encode('ä€😀'.repeat(prng.below(200))), { acl: prng.pick(LISTS) });
    if (index % 3 === 0) await client.setData(path, encode(`round ${round}`));
    if (index % 5 === 0) await client.setAcl(path, prng.pick(LISTS));
    if (index % 7 === 0) await client.delete(path);
    if (index % 4 === 0) await client.create(`${root}/container/s`, null, { mode: 'persistentSequential' });
    if (index % 9 === 0) await client.setData(path, encode('never'), 77).catch(expected);
  });
  await Promise.all(made);
  await client.multi([
    { op: 'create', path: `${root}/multi`, data: encode('one') },
    { op: 'setData', path: `${root}/multi`, data: encode('two'), version: 0 },
    { op: 'check', path: root, version: 0 },
  ]);
  await client.multi([{ op: 'delete', path: `${root}/nowhere`, version: -1 }]).catch(() => {});
}

/** Writes until it is told to stop; knows what was acknowledged. */
export class Load {
  readonly #client: ZooKeeperClient;
  readonly #acknowledged: Map<string, string> = new Map();
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(client: ZooKeeperClient, round: number) {
    this.#client = client;
    const writers = Array.from({ length: 16 }, (_, writer) => this.#write(`/load${round}-${writer}`));
    this.#done = Promise.all(writers).then(() => {});
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  /** @throws {Error} when something that was acknowledged is not there */
  async check(): Promise<void> {
    for (const [path, text] of this.#acknowledged) {
      const { data } = await this.#client.getData(path);
      ok(Number(decode(data)) >= Number(text), `${path} holds ${decode(data)}, and ${text} was acknowledged`);
    }
  }

  async #write(path: string): Promise<void> {
    for (let count = 0; !this.#stopped; count++) {
      const name = `${path}-${Math.floor(count / 4)}`;
      try {
        if (count % 4 === 0) await this.#client.create(name, encode(`${count}`));
        else await this.#client.setData(name, encode(`${count}`));
        this.#acknowledged.set(name, `${count}`);
      } catch (error) {
        if (!(error instanceof ZooKeeperError)) throw error;
        if (error.code === 'ConnectionLoss') return;
        throw error;
      }
    }
  }
}

function expected(error: unknown): void {
  if (error instanceof ZooKeeperError && (error.code === 'BadVersion' || error.code === 'NoNode')) return;
  throw error;
}
