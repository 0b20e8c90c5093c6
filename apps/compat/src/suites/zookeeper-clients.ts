import { deepStrictEqual, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { runProgram } from '../java/run-program.ts';
import type { Suite } from '../suite.ts';
import { AGENTS, zkCli } from '../zookeeper-clients/agents.ts';
import { normalised, SCRIPT } from '../zookeeper-clients/command-lines.ts';
import { CuttingProxy } from '../zookeeper-clients/cutting-proxy.ts';
import { DyingServers } from '../zookeeper-clients/dying-servers.ts';
import { OurZooKeeper } from '../zookeeper-clients/our-server.ts';
import { type AgentCommand, play } from '../zookeeper-clients/play.ts';

/** Kafka's `zookeeper-shell`. */
const SHELL = 'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka';
const SETTINGS = { extendedTypesEnabled: true, enforceQuota: true };
/** So that containers and nodes with a time to live go while somebody waits for it. */
const SYSTEM = ['znode.container.checkIntervalMs=300'];

/** What `config` tells of an ensemble; a server alone has none. */
const MEMBERS = /^(server\.\d+|version)=/;

export const suite: Suite = {
  name: 'zookeeper-clients',
  title: 'clients of ZooKeeper that nobody here wrote see of ours, alone and together, what they see of Apache’s 3.9',
  needs: ['java', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    await using apache = await ApacheZooKeeper.start(join(scratch, 'apache'), SETTINGS, SYSTEM);
    await using ours = await OurZooKeeper.start(join(scratch, 'ours'), SETTINGS, SYSTEM);
    const servers = { root: join(scratch, 'ensemble'), settings: SETTINGS, system: SYSTEM };
    await using ensemble = await DyingServers.start(servers);
    for (const { name, prepare } of AGENTS) {
      await check(name, async () => {
        const command = await prepare();
        await ensemble.mend();
        await using one = await CuttingProxy.start(apache.connect);
        await using other = await CuttingProxy.start(ours.connect);
        const [expected, alone, together] = await Promise.all([
          play(command, one),
          play(command, other),
          play(command, ensemble),
        ]);
        deepStrictEqual(alone, expected);
        deepStrictEqual(together, expected);
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
        await ensemble.mend();
        const [expected, alone, together] = await Promise.all([
          type(command, apache.connect),
          type(command, ours.connect),
          type(command, ensemble.servers),
        ]);
        ok(expected.length > SCRIPT.length, `it printed ${expected.length} lines only:\n${expected.join('\n')}`);
        deepStrictEqual(alone, expected);
        deepStrictEqual(
          together.filter((line) => !MEMBERS.test(line)),
          expected,
        );
        return `${expected.length} lines alike`;
      });
    }
  },
};

async function type({ command, args }: AgentCommand, server: string): Promise<readonly string[]> {
  const input = SCRIPT.map((line) => `${line}\n`);
  return normalised(await runProgram({ command, args: [...args, server], input, tolerant: true }));
}
