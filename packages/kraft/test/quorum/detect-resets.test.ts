import { describe, expect, it } from 'vitest';
import { QuorumCluster } from './support/quorum-cluster.ts';

/** Apache's defaults: a follower waits two seconds at least before it stands for election. */
const FETCH_TIMEOUT_MS = 2000;

/** How long it takes after a fault of the leader until another node leads and an observer knows it. */
async function successionMs(detectResets: boolean, fault: 'kill' | 'pause'): Promise<number> {
  const cluster = new QuorumCluster({ seed: 40, voters: 3, observers: 1, detectResets });
  let tookMs = 0;
  await cluster.world.run(async () => {
    await cluster.start();
    await cluster.write(3);
    await cluster.level();
    const old = await cluster.leader();
    const fromMs = cluster.world.time.nowMs;
    if (fault === 'kill') cluster.kill(old);
    else cluster.isolate(old);
    const others = [...cluster.hosts].filter(([id]) => id !== old).map(([, host]) => host);
    await cluster.until(() => {
      const leader = others.find(({ follower }) => follower.leading !== null)?.quorum.status().leaderId;
      return leader !== undefined && others.every(({ quorum }) => quorum.status().leaderId === leader);
    });
    tookMs = cluster.world.time.nowMs - fromMs;
    cluster.world.network.healAll();
    if (fault === 'kill') await cluster.start(old);
    await cluster.write(1);
    await cluster.level();
    cluster.check();
  });
  return tookMs;
}

describe('a reset that a refused reconnect confirms', () => {
  it('lets the others elect a leader at once where that is wanted', async () => {
    expect(await successionMs(true, 'kill')).toBeLessThan(300);
  });

  it('means nothing otherwise, as with Apache', async () => {
    expect(await successionMs(false, 'kill')).toBeGreaterThan(FETCH_TIMEOUT_MS);
  });

  it('is not seen in a leader that is silent', async () => {
    expect(await successionMs(true, 'pause')).toBeGreaterThan(FETCH_TIMEOUT_MS);
  });
});
