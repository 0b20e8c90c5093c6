import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { preparePython } from '../clients/agents/python/prepare.ts';
import { until } from '../mixed-cluster/until.ts';

/** A znode as kazoo reads it. */
export interface Znode {
  readonly path: string;
  /** Null where there is none. */
  readonly data: string | null;
  readonly version: number;
  readonly ephemeral: boolean;
  /** Id of the session that an ephemeral znode lives with, in hexadecimal digits. */
  readonly owner: string;
  /** Transactions that made it, and changed it last. */
  readonly created: number;
  readonly modified: number;
}

/** Something that the server told an observer of. */
export type WatchEvent = readonly [kind: 'created' | 'changed' | 'deleted' | 'children', path: string];

/** How long one request may take before the observer counts as hung. */
const HUNG_MS = 120_000;
const SHOWN_CHARACTERS = 2_000;
const requirements = join(import.meta.dirname, 'requirements.txt');

const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Kazoo in a process of its own: somebody else's client, who looks at an ensemble and meddles with it. */
export class Observer implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #replies: AsyncIterator<string>;
  #said = '';
  #last: Promise<unknown> = Promise.resolve();

  private constructor(python: string, connect: string) {
    this.#child = spawn(python, [join(import.meta.dirname, 'observer.py'), connect]);
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-SHOWN_CHARACTERS);
    });
    this.#replies = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it; it connects before it answers its first question. @param connect with a chroot if there is one */
  static async start(cache: string, connect: string): Promise<Observer> {
    return new Observer(await preparePython(cache, requirements), connect);
  }

  /** From now on, keeps every event of a path and all below it. */
  watch(path: string): Promise<void> {
    return this.#ask({ op: 'watch', path });
  }

  /** Events so far, but for the first ones; all of those that changes made which anybody has seen by now. */
  events(from = 0): Promise<readonly WatchEvent[]> {
    return this.#ask({ op: 'events', from });
  }

  /** Transaction that the server has come to. */
  zxid(): Promise<number> {
    return this.#ask({ op: 'zxid' });
  }

  get(path: string): Promise<Znode | null> {
    return this.#ask({ op: 'get', path });
  }

  /** All znodes at or below a path, in the order of their paths. */
  tree(path: string): Promise<readonly Znode[]> {
    return this.#ask({ op: 'tree', path });
  }

  /** Makes a znode. @param parents whether those above it are made too */
  create(path: string, data = '', parents = false): Promise<void> {
    return this.#ask({ op: 'create', path, data, parents });
  }

  change(path: string, data: string): Promise<void> {
    return this.#ask({ op: 'change', path, data });
  }

  delete(path: string): Promise<void> {
    return this.#ask({ op: 'delete', path });
  }

  /** Waits until a znode is as wanted; null where it is not there. */
  async until(what: string, path: string, accept: (znode: Znode | null) => boolean): Promise<Znode | null> {
    let found: Znode | null = null;
    await until(
      `${path} ${what}`,
      async () => {
        found = await this.get(path);
        return accept(found) ? true : undefined;
      },
      () => found,
    );
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!running.has(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #ask<Reply>(request: Readonly<Record<string, unknown>>): Promise<Reply> {
    const reply = this.#last.then(() => this.#exchange<Reply>(request));
    this.#last = reply.catch(() => {});
    return reply;
  }

  async #exchange<Reply>(request: Readonly<Record<string, unknown>>): Promise<Reply> {
    const hung = setTimeout(() => this.#child.kill('SIGKILL'), HUNG_MS);
    try {
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
      const { done, value } = await this.#replies.next();
      if (done === true) throw new Error(`the observer ended at ${JSON.stringify(request)}: ${this.#said}`);
      const reply = JSON.parse(value) as { readonly ok: Reply } | { readonly error: string };
      if ('error' in reply) throw new Error(`${request['op']} ${request['path']}: ${reply.error}`);
      return reply.ok;
    } finally {
      clearTimeout(hung);
    }
  }
}
