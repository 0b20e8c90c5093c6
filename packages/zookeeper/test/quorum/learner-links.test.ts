import type { Connection } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { PacketType, packetName, quorumPacket, SNAPSHOT_SIGNATURE, toBytes } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import type { LearnerItem } from '../../src/quorum/learner-link.ts';
import { LearnerLinks } from '../../src/quorum/learner-links.ts';
import { fromPacket, packet, toPackets } from '../../src/quorum/packets.ts';
import { fromHex, recorded } from './recorded.ts';

const PORT = 2888;
interface Server {
  readonly links: LearnerLinks;
  readonly items: LearnerItem[];
  readonly told: string[];
  leads: boolean;
  /** Items that are taken at once. */
  room: number;
}

function ensemble(ids: readonly number[]) {
  const world = new MemoryWorld({ seed: 7 });
  const peers = new Map(ids.map((id) => [id, [{ host: `zoo${id}`, port: PORT }]] as const));
  for (const id of ids) world.addHost(`zoo${id}`);
  const start = async (id: number, leads = false): Promise<Server> => {
    const links = new LearnerLinks({ ports: world.host(`zoo${id}`).ports, id, peers, dialMs: 1_000 });
    const server: Server = { links, items: [], told: [], leads, room: Number.POSITIVE_INFINITY };
    links.start({
      item: (_, item) => {
        if (server.room-- <= 0) return false;
        server.items.push(item);
        return true;
      },
      link: (peer, up) => void server.told.push(`${peer}${up ? '+' : '-'}`),
      listens: () => server.leads,
    });
    await links.listen(`zoo${id}`, PORT);
    return server;
  };
  return { world, start };
}

const info = (sid: number) =>
  toPackets({ type: 'followerInfo', acceptedEpoch: 0, sid, protocolVersion: 0x10000, configVersion: 0 }, false)[0] ??
  packet(0, 0);
const names = (items: readonly LearnerItem[]): string[] =>
  items.map((item) => (item.kind === 'packet' ? `${packetName(item.packet.type)}` : item.kind));

test('a learner introduces itself and both ends hear each other in order', async () => {
  const { world, start } = ensemble([1, 2]);
  const [leader, learner] = await world.run(async () => [await start(2, true), await start(1)] as const);
  learner.links.dial(2);
  learner.links.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runUntil(() => leader.items.length > 0);
  for (let at = 1; at <= 50; at++)
    leader.links.send(1, toBytes(quorumPacket, packet(PacketType.PROPOSAL, at, new Uint8Array(at))));
  await world.time.runUntil(() => learner.items.length === 50);
  expect(learner.items.map((item) => (item.kind === 'packet' ? item.packet.zxid : -1))).toEqual(
    Array.from({ length: 50 }, (_, at) => at + 1),
  );
  expect([leader.told, learner.told]).toEqual([['1+'], ['2+']]);
  leader.links.hangUp(1);
  await world.time.runUntil(() => learner.told.includes('2-'));
  expect(leader.told).toEqual(['1+']);
});

test('a call waits until the called server leads, and is ended when that takes too long', async () => {
  const { world, start } = ensemble([1, 2]);
  const [leader, learner] = await world.run(async () => [await start(2), await start(1)] as const);
  learner.links.dial(2);
  learner.links.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runFor(500);
  expect(leader.items).toEqual([]);
  leader.leads = true;
  await world.time.runUntil(() => leader.items.length > 0);
  expect(names(leader.items)).toEqual(['FOLLOWERINFO']);
  leader.leads = false;
  leader.links.hangUp(1);
  await world.time.runUntil(() => learner.told.includes('2-'));
  learner.links.dial(2);
  learner.links.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runUntil(() => learner.told.length === 4);
  expect(learner.told).toEqual(['2+', '2-', '2+', '2-']);
});

test('a leader that does not listen is told of as a link that is down', async () => {
  const { world, start } = ensemble([1, 2]);
  const learner = await world.run(() => start(1));
  learner.links.dial(2);
  learner.links.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runUntil(() => learner.told.length > 0);
  expect(learner.told).toEqual(['2-']);
});

test('a learner that calls again has a new link; the old one is over', async () => {
  const { world, start } = ensemble([1, 2]);
  const [leader, learner] = await world.run(async () => [await start(2, true), await start(1)] as const);
  for (const round of [1, 2]) {
    learner.links.dial(2);
    learner.links.send(2, toBytes(quorumPacket, info(1)));
    await world.time.runUntil(() => leader.items.length === round);
  }
  expect(leader.told).toEqual(['1+', '1-', '1+']);
});

test('what a Java leader sends to a newcomer arrives as packets, and its snapshot in pieces', async () => {
  const { world, start } = ensemble([1]);
  const learner = await world.run(() => start(1));
  const java = world.addHost('zoo2');
  const stream = fromHex(recorded.newcomer.toLearner);
  let called: Connection | undefined;
  await world.run(async () => {
    await java.ports.network.listen({ host: 'zoo2', port: PORT }, (connection) => {
      called = connection;
      connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
      connection.write([stream]);
    });
  });
  const calling = new LearnerLinks({
    ports: world.host('zoo1').ports,
    id: 1,
    peers: new Map([[2, [{ host: 'zoo2', port: PORT }]]]),
    dialMs: 1_000,
  });
  const items: LearnerItem[] = [];
  let turns = 0;
  calling.start({
    // Every other offer finds no room.
    item: (_, item) => {
      if (turns++ % 2 === 0) return false;
      items.push(item);
      return true;
    },
    link: () => {},
    listens: () => false,
  });
  calling.dial(2);
  calling.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runUntil(() => items.length > 5 && names(items).filter((name) => name === 'PING').length >= 5);
  expect(called).toBeDefined();
  const snapshot = items.flatMap((item) => (item.kind === 'snapshot' ? [...item.bytes] : []));
  const at = Buffer.from(stream).indexOf(SNAPSHOT_SIGNATURE);
  expect(Buffer.from(snapshot).toString('hex')).toBe(Buffer.from(stream.subarray(44, at - 4)).toString('hex'));
  const packets = items.flatMap((item) => (item.kind === 'packet' ? [fromPacket(item.packet)] : []));
  expect(packets.slice(0, 4).map(({ type }) => type)).toEqual(['leaderInfo', 'snap', 'newLeader', 'upToDate']);
  expect(learner.told).toEqual([]);
});

test('who is no learner is cut off', async () => {
  const { world, start } = ensemble([1, 2]);
  const leader = await world.run(() => start(2, true));
  const stranger = world.addHost('stranger').ports.network;
  const fates: string[] = [];
  for (const first of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\u0003', '']) {
    await world.run(async () => {
      const connection = await stranger.dial({ host: 'zoo2', port: PORT, timeoutMs: 1_000 });
      connection.start({
        data: () => {},
        end: () => connection.end(),
        drained: () => {},
        closed: () => fates.push(first),
      });
      if (first !== '') connection.write([new TextEncoder().encode(first)]);
    });
  }
  await world.time.runUntil(() => fates.length === 3);
  expect([leader.items, leader.told]).toEqual([[], []]);
});

test('many that call and say nothing do not keep a learner from being heard', async () => {
  const { world, start } = ensemble([1, 2]);
  const [leader, learner] = await world.run(async () => [await start(2, true), await start(1)] as const);
  const { network } = world.addHost('stranger').ports;
  for (let at = 0; at < 200; at++) {
    await world.run(async () => {
      const connection = await network.dial({ host: 'zoo2', port: PORT, timeoutMs: 1_000 });
      connection.start({ data: () => {}, end: () => connection.end(), drained: () => {}, closed: () => {} });
    });
  }
  learner.links.dial(2);
  learner.links.send(2, toBytes(quorumPacket, info(1)));
  await world.time.runUntil(() => leader.items.length > 0, { limitMs: 1_000 });
  expect(names(leader.items)).toEqual(['FOLLOWERINFO']);
});
