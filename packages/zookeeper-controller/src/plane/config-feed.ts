import {
  DEFAULT_ENTITY,
  decodeConfigChange,
  decodeEntityConfig,
  entityPath,
  entityTypePath,
  PATHS,
  sequenceOf,
  ZnodeError,
} from '@biquorum/kafka-znodes';
import type { ConfigResource, TopicId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import type { ViewChain } from './view-chain.ts';

/** Kafka's `changeExpirationMs`. */
const NOTIFICATION_MS: number = 15 * 60 * 1_000;

/**
 * Dynamic configuration of topics and brokers in a broker's view: read when it starts, and again when a notification
 * tells of a change, or a topic appears.
 *
 * Source: Java `ZkConfigManager`, `ZkNodeChangeNotificationListener`.
 */
export class ConfigFeed {
  readonly #chain: ViewChain;
  readonly #ports: Pick<Ports, 'clock' | 'telemetry'>;
  /** Topics whose configuration was read since they got this id. */
  readonly #readFor: Map<string, TopicId> = new Map();
  readonly #reading: Map<string, Promise<void>> = new Map();
  #lastChange = -1;
  #following: Promise<void> = Promise.resolve();

  constructor(chain: ViewChain, ports: Pick<Ports, 'clock' | 'telemetry'>) {
    this.#chain = chain;
    this.#ports = ports;
  }

  /** Reads all, and follows changes under this session from now on. */
  async begin(session: ZooKeeperClient): Promise<void> {
    const { children } = await this.#watch(session);
    this.#lastChange = Math.max(this.#lastChange, ...children.map(sequenceOf));
    const resources = (await Promise.all([this.#list(session, 'topics'), this.#list(session, 'brokers')])).flat();
    const values = await Promise.all(resources.map((resource) => readConfig(session, resource)));
    this.#chain.step((draft) => {
      for (const key of this.#chain.view.fields.configs.keys()) {
        const resource = resourceOf(key);
        if (!resources.some(({ type, name }) => `${type}/${name}` === key)) draft.setConfig(resource, new Map());
      }
      for (const [index, resource] of resources.entries()) {
        const now = values[index] ?? new Map();
        if (!sameValues(this.#chain.view.configOf(resource), now)) draft.setConfig(resource, now);
      }
    });
  }

  /** Makes sure that the view has the configuration of these topics as they are now. */
  async ensure(
    session: ZooKeeperClient,
    topics: Iterable<{ readonly name: string; readonly id: TopicId }>,
  ): Promise<void> {
    const open: Promise<void>[] = [];
    for (const { name, id } of topics) {
      if (this.#readFor.get(name) === id) continue;
      const key = `${name}/${id}`;
      const running = this.#reading.get(key) ?? this.#readTopic(session, name, id);
      this.#reading.set(key, running);
      open.push(running.finally(() => this.#reading.delete(key)));
    }
    await Promise.all(open);
  }

  /** The topic is gone; one of its name that comes later is another. */
  forget(name: string): void {
    this.#readFor.delete(name);
  }

  async #readTopic(session: ZooKeeperClient, name: string, id: TopicId): Promise<void> {
    await this.#refresh(session, { type: 'topic', name });
    this.#readFor.set(name, id);
  }

  async #refresh(session: ZooKeeperClient, resource: ConfigResource): Promise<void> {
    const now = await readConfig(session, resource);
    if (sameValues(this.#chain.view.configOf(resource), now)) return;
    this.#chain.step((draft) => draft.setConfig(resource, now));
  }

  #watch(session: ZooKeeperClient): Promise<{ readonly children: readonly string[] }> {
    return untilAnswered(session, () => session.getChildren(PATHS.configChanges, () => this.#changed(session)));
  }

  /** Changes are taken one after the other; what a session that is over did not tell, the next one's beginning does. */
  #changed(session: ZooKeeperClient): void {
    this.#following = this.#following
      .then(() => this.#takeChanges(session))
      .catch((error: unknown) => {
        if (!(error instanceof ZooKeeperError)) throw error;
      });
  }

  async #takeChanges(session: ZooKeeperClient): Promise<void> {
    const { children } = await this.#watch(session);
    const fresh = children.filter((name) => sequenceOf(name) > this.#lastChange);
    for (const name of fresh.sort((a, b) => sequenceOf(a) - sequenceOf(b))) {
      const path = `${PATHS.configChanges}/${name}`;
      const change = await untilAnswered(session, () => unlessMissing(session.getData(path)));
      if (change !== undefined) await this.#takeChange(session, path, change.data);
      this.#lastChange = sequenceOf(name);
    }
    if (fresh.length > 0) await this.#purge(session, children);
  }

  /** Removes notifications that every broker has had the time to see; who is first does it. */
  async #purge(session: ZooKeeperClient, names: readonly string[]): Promise<void> {
    const paths = names.map((name) => `${PATHS.configChanges}/${name}`);
    const stats = await Promise.all(paths.map((path) => untilAnswered(session, () => session.exists(path))));
    const before = this.#ports.clock.wallMs() - NOTIFICATION_MS;
    const old = paths.filter((_, index) => (stats[index]?.ctimeMs ?? before) < before);
    await Promise.all(old.map((path) => untilAnswered(session, () => unlessMissing(session.delete(path)))));
  }

  async #takeChange(session: ZooKeeperClient, path: string, data: Uint8Array | null): Promise<void> {
    try {
      const [type, ...rest] = decodeConfigChange(data).split('/');
      const entity = rest.join('/');
      if (type === 'topics') await this.#refresh(session, { type: 'topic', name: entity });
      else if (type === 'brokers') await this.#refresh(session, { type: 'broker', name: nameOf(entity) });
    } catch (error) {
      if (!(error instanceof ZnodeError)) throw error;
      this.#ports.telemetry.log('error', 'a change of configuration cannot be read', { path, error });
    }
  }

  async #list(session: ZooKeeperClient, type: 'topics' | 'brokers'): Promise<readonly ConfigResource[]> {
    const found = await untilAnswered(session, () => unlessMissing(session.getChildren(entityTypePath(type))));
    return (found?.children ?? []).map((entity) =>
      type === 'topics' ? { type: 'topic', name: entity } : { type: 'broker', name: nameOf(entity) },
    );
  }
}

async function readConfig(
  session: ZooKeeperClient,
  { type, name }: ConfigResource,
): Promise<ReadonlyMap<string, string>> {
  const path =
    type === 'topic' ? entityPath('topics', name) : entityPath('brokers', name === '' ? DEFAULT_ENTITY : name);
  const found = await untilAnswered(session, () => unlessMissing(session.getData(path)));
  return decodeEntityConfig(found?.data ?? null);
}

/** The view has the cluster-wide default under the empty name. */
function nameOf(entity: string): string {
  return entity === DEFAULT_ENTITY ? '' : entity;
}

function resourceOf(key: string): ConfigResource {
  const slash = key.indexOf('/');
  return { type: key.slice(0, slash) as ConfigResource['type'], name: key.slice(slash + 1) };
}

function sameValues(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
