import { deepStrictEqual, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { runProgram } from '../java/run-program.ts';
import type { Suite } from '../suite.ts';
import { AGENTS, zkCli } from '../zookeeper-clients/agents.ts';
import { normalised, SCRIPT } from '../zookeeper-clients/command-lines.ts';
import { OurZooKeeper } from '../zookeeper-clients/our-server.ts';
import { type AgentCommand, play } from '../zookeeper-clients/play.ts';

/** Kafka's `zookeeper-shell`. */
const SHELL = 'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka';
const SETTINGS = { extendedTypesEnabled: true, enforceQuota: true };
/** So that containers and nodes with a time to live go while somebody waits for it. */
const SYSTEM = ['znode.container.checkIntervalMs=300'];

export const suite: Suite = {
  name: 'zookeeper-clients',
  title: 'clients of ZooKeeper that nobody here wrote see of our server what they see of Apache ZooKeeper 3.9',
  needs: ['java', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    await using apache = await ApacheZooKeeper.start(join(scratch, 'apache'), SETTINGS, SYSTEM);
    await using ours = await OurZooKeeper.start(join(scratch, 'ours'), SETTINGS, SYSTEM);
    for (const { name, prepare } of AGENTS) {
      await check(name, async () => {
        const command = await prepare();
        const [expected, seen] = await Promise.all([play(command, apache.connect), play(command, ours.connect)]);
        deepStrictEqual(seen, expected);
        return `${expected.length} lines alike`;
      });
    }
    const java = await context.java();
    const shells: readonly (readonly [string, () => Promise<AgentCommand>])[] = [
      ['zkCli of Apache ZooKeeper 3.9', zkCli],
      [
        'zookeeper-shell of Apache Kafka 3.9',
        async () => ({ command: 'java', args: java.arguments(SHELL, ['-server']) }),
      ],
    ];
    for (const [name, prepare] of shells) {
      await check(name, async () => {
        const command = await prepare();
        const [expected, seen] = await Promise.all([type(command, apache.connect), type(command, ours.connect)]);
        ok(expected.length > SCRIPT.length, `it printed ${expected.length} lines only:\n${expected.join('\n')}`);
        deepStrictEqual(seen, expected);
        return `${expected.length} lines alike`;
      });
    }
  },
};

async function type({ command, args }: AgentCommand, server: string): Promise<readonly string[]> {
  const input = SCRIPT.map((line) => `${line}\n`);
  return normalised(await runProgram({ command, args: [...args, server], input, tolerant: true }));
}
