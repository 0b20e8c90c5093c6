import type { ToolStep } from '../mixed-cluster/transcript.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { type Chapter, TOPIC } from './stage.ts';

export const shell: Chapter<ZooKeeperCluster> = {
  title: 'zookeeper-shell',
  async play({ plain, cluster }) {
    const run = (command: string, ...more: readonly string[]): Promise<string> =>
      plain('zookeeper-shell', ['-server', cluster.connect, ...command.split(' '), ...more], ZNODES);
    for (const path of ['/', '/admin', '/brokers', '/brokers/ids', '/brokers/topics', '/config', '/config/topics'])
      await run(`ls ${path}`);
    await run(`ls -R /brokers/topics/${TOPIC}`);
    for (const path of [
      `/brokers/topics/${TOPIC}`,
      '/brokers/topics/moving',
      `/config/topics/${TOPIC}`,
      '/brokers/ids/1',
    ])
      await run(`get ${path}`);
    for (const partition of [0, 1, 2]) await run(`get /brokers/topics/${TOPIC}/partitions/${partition}/state`);
    for (const path of ['/controller', '/cluster/id', '/feature', '/config/brokers/<default>', '/config/brokers/1'])
      await run(`get ${path}`);
    for (const path of ['/controller', '/brokers/ids/1', `/config/topics/${TOPIC}`]) await run(`stat ${path}`);
    for (const path of ['/controller', '/config/users', `/brokers/topics/${TOPIC}`]) await run(`getAcl ${path}`);
    await run('get /admin/reassign_partitions');

    // How administration was told to controllers before there were requests for it.
    await cluster.node(2).stop();
    await cluster.untilTopic('without 2', TOPIC, (states) =>
      states.every(({ leader, isr }) => leader > 0 && !isr.includes(2)),
    );
    await cluster.restart(2);
    await cluster.untilInSync(TOPIC);
    const partitions = [{ topic: TOPIC, partition: 1 }];
    await run('create /admin/preferred_replica_election', JSON.stringify({ version: 1, partitions }));
    await cluster.untilTopic('led by 2', TOPIC, (states) => states[1]?.leader === 2);
    const moves = [{ topic: 'moving', partition: 0, replicas: [2, 3] }];
    await run('create /admin/reassign_partitions', JSON.stringify({ version: 1, partitions: moves }));
    await cluster.untilTopic(
      'moved',
      'moving',
      ([state]) => `${state?.replicas}` === '2,3' && `${state?.isr}` === '2,3',
    );
    await run('get /brokers/topics/moving');
    await run('get /brokers/topics/moving/partitions/0/state');
    await run('ls /admin');
  },
};

/** Epochs, versions of znodes and times depend on how often brokers came and went. */
const ZNODES: ToolStep = {
  keep: isSaidByTool,
  substitutions: [
    [/"timestamp":"\d+"/g, '"timestamp":"<ms>"'],
    [/"(topic_id|id)":"[\w-]{22}"/g, '"$1":"<id>"'],
    [/"(controller_epoch|leader_epoch|brokerid)":\d+/g, '"$1":<n>'],
    [/"isr":\[[\d,]*\]/g, '"isr":<some>'],
    [/^((?:[cm]|pZ)[zZ]xid|ephemeralOwner|pZxid) = 0x[1-9a-f][\da-f]*$/g, '$1 = <n>'],
    [/^([cm]time) = .*$/g, '$1 = <time>'],
    [/^(dataVersion|cversion) = \d+$/g, '$1 = <n>'],
    [/^dataLength = \d+$/g, 'dataLength = <n>'],
  ],
};

export const offlineConfigs: Chapter<ZooKeeperCluster> = {
  title: 'kafka-configs --zookeeper',
  async play({ plain, cluster }) {
    const config = (args: string): Promise<string> =>
      plain('kafka-configs', ['--zookeeper', cluster.connect, ...args.split(' ')], SECRETS);
    const user = '--entity-type users --entity-name alice';
    await config(`${user} --describe`);
    await config(`${user} --alter --add-config SCRAM-SHA-256=[iterations=8192,password=secret]`);
    await config(`${user} --describe`);
    await config(`${user} --alter --add-config producer_byte_rate=1000`);
    await config(`${user} --alter --delete-config SCRAM-SHA-256`);
    await config(`${user} --describe`);
    await config(`--entity-type topics --entity-name ${TOPIC} --describe`);
    await config(`--entity-type topics --entity-name ${TOPIC} --alter --add-config retention.ms=1`);
    await config('--entity-type brokers --entity-name 1 --alter --add-config log.cleaner.threads=2');
    await config('--entity-type brokers --entity-default --alter --add-config log.cleaner.threads=2');
    const absent = '--entity-type brokers --entity-name 9';
    await config(`${absent} --alter --add-config log.cleaner.threads=2`);
    await config(`${absent} --alter --add-config no.such.key=2`);
    const password = 'listener.name.internal.ssl.key.password=secret';
    await config(`${absent} --alter --add-config ${password}`);
    await config(`${absent} --alter --add-config ${password},password.encoder.secret=encoder`);
    await config(`${absent} --describe`);
    await config(`${absent} --alter --delete-config log.cleaner.threads,listener.name.internal.ssl.key.password`);
    await config(`${absent} --describe`);
  },
};

/** Shells tell of their connections whenever they please, also after they have ended: they share a JVM. */
export function isSaidByTool(line: string): boolean {
  return !/^(Connecting to|WATCHER::|WatchedEvent )/.test(line);
}

/** Salts, and what follows from them, are drawn. */
const SECRETS: ToolStep = {
  keep: isSaidByTool,
  substitutions: [
    [/(salt|stored_key|server_key)=[\w+/]+=*/g, '$1=<drawn>'],
    [/(encryptedPassword|initializationVector|salt):[\w+/]+=*/g, '$1:<drawn>'],
  ],
};
