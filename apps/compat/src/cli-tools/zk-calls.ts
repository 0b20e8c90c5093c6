import type { Substitutions } from '../mixed-cluster/transcript.ts';
import type { Pair } from './pair.ts';

/** Transactions and times of two nodes differ; the node is called after who made it. */
const OWN: Substitutions = [
  [/\/(theirs|ours)\b/g, '/<node>'],
  [/\b([cmp]Zxid) = 0x[\da-f]+/g, '$1 = <n>'],
  [/\b([cm]time) = .*/g, '$1 = <time>'],
  // What to do about it is ours alone.
  [/\. (stat shows|deleteall takes) .*$/gm, ''],
];

/** Calls of ZooKeeper's shell: on nodes that a cluster has, and on nodes of their own. */
export async function compareShells(pair: Pair, connect: string): Promise<void> {
  const run = (...words: string[]): Promise<void> => pair.same('zookeeper-shell', ['-server', connect, ...words]);
  const each = (...words: string[]): Promise<void> => {
    const of = (name: string): string[] => ['-server', connect, ...words.map((word) => word.replaceAll('NODE', name))];
    return pair.each('zookeeper-shell', of('theirs'), of('ours'), { substitutions: OWN });
  };
  await run('ls', '/');
  await run('ls', '-s', '/brokers/ids');
  await run('ls', '-R', '/brokers');
  await run('get', '-s', '/controller');
  await run('stat', '/cluster/id');
  await run('getAcl', '/brokers');
  await run('getAllChildrenNumber', '/brokers');
  await run('whoami');
  await each('create', '/NODE', 'some data');
  await each('create', '-s', '/NODE/child', 'x', 'world:anyone:cdr');
  await each('create', '/NODE', 'again');
  await each('getAcl', '-s', '/NODE/child0000000000');
  await each('set', '-s', '/NODE', 'other');
  await each('set', '-v', '7', '/NODE', 'other');
  await each('setquota', '-n', '10', '/NODE');
  await each('setquota', '-B', '1000', '/NODE');
  await each('listquota', '/NODE');
  await each('get', '/zookeeper/quota/NODE/zookeeper_limits');
  await each('delquota', '/NODE');
  await each('sync', '/NODE');
  await each('delete', '/NODE');
  await each('deleteall', '/NODE');
  await each('stat', '/NODE');
}
