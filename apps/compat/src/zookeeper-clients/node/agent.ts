import { once } from 'node:events';
import {
  ACL,
  type Client,
  CreateMode,
  createClient,
  type Done,
  type Stat,
  type Transaction,
  type Watch,
} from 'node-zookeeper-client';

// What node-zookeeper-client does with a ZooKeeper: prints what it sees, without times and ids.

const connect = process.argv[2] ?? '';

function say(...words: readonly unknown[]): void {
  process.stdout.write(`${words.map(String).join(' | ')}\n`);
}

/** What a call came to: the name of its error, or what is shown of its result. */
function outcome<Result extends unknown[]>(
  call: (done: Done<Result>) => void,
  show: (...result: Result) => string = () => 'done',
): Promise<string> {
  return new Promise((resolve) => {
    call((error, ...result) => resolve(error ? error.name : show(...result)));
  });
}

function shown(stat: Stat | null): string {
  if (!stat) return 'none';
  const ephemeral = stat.ephemeralOwner.some((byte) => byte !== 0);
  return `version=${stat.version} cversion=${stat.cversion} aversion=${stat.aversion} length=${stat.dataLength} children=${stat.numChildren} ephemeral=${ephemeral}`;
}

async function open(): Promise<Client> {
  const client = createClient(connect, { sessionTimeout: 10_000 });
  const connected = new Promise<void>((resolve) => client.once('connected', resolve));
  client.connect();
  await connected;
  return client;
}

const create = (client: Client, path: string, text: string | null = null, mode = CreateMode.PERSISTENT) =>
  outcome<[string]>(
    (done) => client.create(path, text === null ? null : Buffer.from(text), ACL.OPEN_ACL_UNSAFE, mode, done),
    (made) => made,
  );
const read = (client: Client, path: string, watch: Watch | null = null) =>
  outcome<[Buffer | undefined, Stat]>(
    (done) => client.getData(path, watch, done),
    (data, stat) => `${data} ${shown(stat)}`,
  );
const write = (client: Client, path: string, text: string, version = -1) =>
  outcome<[Stat]>((done) => client.setData(path, Buffer.from(text), version, done), shown);
const remove = (client: Client, path: string, version = -1) =>
  outcome<[]>((done) => client.remove(path, version, done));
const list = (client: Client, path: string, watch: Watch | null = null) =>
  outcome<[string[], Stat]>(
    (done) => client.getChildren(path, watch, done),
    (names, stat) => `${[...names].sort()} ${shown(stat)}`,
  );
const look = (client: Client, path: string, watch: Watch | null = null) =>
  outcome<[Stat | null]>((done) => client.exists(path, watch, done), shown);

async function basics(client: Client): Promise<void> {
  say(await create(client, '/node-n', 'one'), await create(client, '/node-n'), await create(client, '/node-n/b/c'));
  say(await read(client, '/node-n'), await read(client, '/node-none'));
  say(await write(client, '/node-n', 'three', 0), await write(client, '/node-n', 'x', 0));
  for (let count = 0; count < 2; count++)
    say(await create(client, '/node-n/s-', null, CreateMode.PERSISTENT_SEQUENTIAL));
  say(await list(client, '/node-n'), await look(client, '/node-none'));
  say(
    await remove(client, '/node-n'),
    await remove(client, '/node-none'),
    await remove(client, '/node-n/s-0000000000', 5),
  );
  say(await remove(client, '/node-n/s-0000000000', 0));
}

async function multi(client: Client): Promise<void> {
  const commit = (transaction: Transaction) =>
    new Promise<void>((resolve) => {
      transaction.commit((error, results) => {
        say(
          error ? error.name : 'committed',
          JSON.stringify((results ?? []).map(({ type, path, err }) => [type, path, err])),
        );
        resolve();
      });
    });
  await commit(
    client
      .transaction()
      .create('/node-m', Buffer.from('0'))
      .setData('/node-m', Buffer.from('1'), 0)
      .check('/node-m', 1)
      .create('/node-m/a')
      .remove('/node-m/a'),
  );
  await commit(client.transaction().create('/node-m/b').check('/node-m', 9).remove('/node-m'));
  say(await list(client, '/node-m'));
}

/** Events in the order of their coming, to be waited for. */
class Events {
  readonly #seen: string[] = [];
  #wanted: (() => void) | undefined;

  readonly watch: Watch = ({ name, path }) => {
    this.#seen.push(`${name} ${path}`);
    this.#wanted?.();
  };

  async take(count: number): Promise<string[]> {
    while (this.#seen.length < count) await new Promise<void>((resolve) => (this.#wanted = resolve));
    return this.#seen.splice(0, count);
  }
}

async function watches(client: Client, other: Client): Promise<void> {
  const events = new Events();
  await look(client, '/node-w', events.watch);
  await create(other, '/node-w');
  say(await events.take(1));
  await read(client, '/node-w', events.watch);
  await list(client, '/node-w', events.watch);
  await write(other, '/node-w', '1');
  say(await events.take(1));
  await create(other, '/node-w/a');
  say(await events.take(1));
}

async function access(client: Client): Promise<void> {
  const owner = await open();
  owner.addAuthInfo('digest', Buffer.from('bob:secret'));
  say(
    await outcome<[string]>((done) =>
      owner.create('/node-acl', Buffer.from('hidden'), ACL.CREATOR_ALL_ACL, CreateMode.PERSISTENT, done),
    ),
  );
  say(await read(client, '/node-acl'), await write(client, '/node-acl', ''), await read(owner, '/node-acl'));
  const wider = [...ACL.CREATOR_ALL_ACL, ...ACL.READ_ACL_UNSAFE];
  say(await outcome<[Stat]>((done) => owner.setACL('/node-acl', wider, 0, done), shown));
  say(
    await outcome<[readonly { readonly id: { readonly id: string } }[], Stat]>(
      (done) => client.getACL('/node-acl', done),
      (acls) => acls.map(({ id }) => id.id).join(),
    ),
  );
  owner.close();
}

async function ephemerals(client: Client): Promise<void> {
  const other = await open();
  const events = new Events();
  say(await create(other, '/node-e', null, CreateMode.EPHEMERAL), await create(other, '/node-e/child'));
  say(await look(client, '/node-e', events.watch));
  other.close();
  say(await events.take(1), await look(client, '/node-e'));
}

/** The connection is cut: the session goes on, and its watches are set again. */
async function reconnects(client: Client, other: Client): Promise<void> {
  const events = new Events();
  await create(client, '/node-r');
  await create(client, '/node-r/mine', null, CreateMode.EPHEMERAL);
  await read(client, '/node-r', events.watch);
  await list(client, '/node-r', events.watch);
  const session = client.getSessionId().toString('hex');
  const again = [client, other].map((one) => new Promise<void>((resolve) => one.once('connected', resolve)));
  process.stdout.write('!cut\n');
  await once(process.stdin, 'data');
  await Promise.all(again);
  say(client.getSessionId().toString('hex') === session, await look(client, '/node-r/mine'));
  await write(other, '/node-r', 'news');
  await create(other, '/node-r/news');
  say((await events.take(2)).sort());
}

const [client, other] = [await open(), await open()];
const chapters: readonly (readonly [string, () => Promise<void>])[] = [
  ['basics', () => basics(client)],
  ['multi', () => multi(client)],
  ['watches', () => watches(client, other)],
  ['access', () => access(client)],
  ['ephemerals', () => ephemerals(client)],
  ['reconnects', () => reconnects(client, other)],
];
for (const [title, play] of chapters) {
  say('#', title);
  await play();
}
say('# end');
client.close();
other.close();
process.stdin.destroy();
