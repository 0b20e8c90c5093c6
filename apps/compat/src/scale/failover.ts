import { createTopicAgain, NodeAdmin, untilAnswered } from '../deployment/admin.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { BareConnection } from '../side-by-side/connection.ts';
import { isServed, leadersOf } from '../side-by-side/requests.ts';

/** How long a cluster took after its active controller was killed, in ms. */
export interface FailoverTimes {
  /** Until another controller leads: Kafka's timeouts, for the most part. */
  readonly detectedMs: number;
  /** From then to the first change that it committed. */
  readonly committedMs: number;
  /** From then until the last broker showed that change. */
  readonly shownMs: number;
}

/** How often a topic is looked at that may take seconds. */
const LOOK_MS = 100;

let made = 0;

/** The active controller and the epoch it is active in, by what the controllers say. */
export async function activeController(
  deployment: Deployment,
  isIt: (epoch: number) => boolean = () => true,
): Promise<{ readonly id: number; readonly epoch: number; readonly address: string }> {
  const running = deployment.controllers.filter(({ pid }) => pid !== undefined);
  const admins = running.map(({ id, address }) => ({ id, admin: new NodeAdmin(address) }));
  try {
    return await Promise.any(
      admins.map(({ id, admin }) =>
        untilAnswered('an active controller', async () => {
          const leader = await admin.quorumLeader();
          if (leader === undefined || leader.id !== id || !isIt(leader.epoch)) return undefined;
          return { ...leader, address: admin.address };
        }),
      ),
    );
  } finally {
    for (const { admin } of admins) admin[Symbol.dispose]();
  }
}

/** Kills the active controller, makes a topic at the next one, and starts the killed one again. */
export async function failOver(deployment: Deployment): Promise<FailoverTimes> {
  const before = await activeController(deployment);
  made += 1;
  const name = `after-failover-${made}`;
  const killedMs = performance.now();
  await deployment.kill(before.id);
  const next = await activeController(deployment, (epoch) => epoch > before.epoch);
  const electedMs = performance.now();
  using admin = new NodeAdmin(next.address);
  await createTopicAgain(admin, { name, partitions: 1, replicas: 1 });
  const committedMs = performance.now();
  await Promise.all(deployment.brokers.map(({ address }) => untilShown(address, [name])));
  const shownMs = performance.now();
  await deployment.start(before.id);
  return { detectedMs: electedMs - killedMs, committedMs: committedMs - electedMs, shownMs: shownMs - electedMs };
}

/** Resolves when a broker shows these topics with a leader for every partition. */
async function untilShown(address: string, names: readonly string[]): Promise<void> {
  using admin = new NodeAdmin(address);
  for (const name of names) {
    await untilAnswered(`${address} shows ${name}`, async () => {
      const partitions = await admin.partitions([name]);
      return partitions?.every(({ leaderId }) => leaderId >= 0) === true ? true : undefined;
    });
  }
}

/** Resolves when each partition of these topics is served by its leader: metadata show leaders before they lead. */
export async function untilServed(deployment: Deployment, names: readonly string[]): Promise<void> {
  const bootstrap = deployment.brokers.map(({ address }) => address).join();
  for (const name of names) {
    await untilAnswered(
      `${name} is served`,
      async () => ((await isTopicServed(bootstrap, name)) ? true : undefined),
      LOOK_MS,
    );
  }
}

async function isTopicServed(bootstrap: string, name: string): Promise<boolean> {
  using any = await BareConnection.open(bootstrap);
  const leaders = await leadersOf(any, name);
  if (leaders === undefined) return false;
  for (const [address, partitions] of leaders) {
    using leader = await BareConnection.open(address);
    if (!(await isServed(leader, name, partitions))) return false;
  }
  return true;
}
