import { createReplica, EngineConfigError, inMemory, overTcp, type Peer } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

const unused = (): never => {
  throw new Error('nothing is made of settings that make no sense');
};

/** Tries to start a member that never gets as far as its engine. */
function start(id: number, peers: readonly Peer[], network = overTcp()): Promise<unknown> {
  const { ports } = new MemoryWorld({ seed: 1 }).addHost('one');
  const codec = { encode: unused, decode: unused };
  return createReplica({
    engine: {
      name: 'none',
      capabilities: {
        voterChanges: false,
        leadershipTransfer: false,
        leaseReads: false,
        observers: false,
        preVote: false,
        applicationMessages: false,
      },
      channels: [],
      entryBytesMax: 1,
      messages: codec,
      durable: codec,
      fill: unused,
      create: unused,
    },
    id,
    peers,
    ports,
    storage: inMemory(),
    network,
    machine: { apply: unused, snapshot: unused, restore: unused },
  });
}

test.each([
  ['an id that is no whole number', 0.5, [{ id: 1, address: 'a:1' }], 'member id 0.5 must be'],
  ['a peer with a negative id', 0, [{ id: -1, address: 'a:1' }], 'member id -1 must be'],
  ['no peers at all', 0, [], 'peers is empty'],
  [
    'a peer that is listed twice',
    0,
    [
      { id: 0, address: 'a:1' },
      { id: 0, address: 'b:1' },
    ],
    'peers lists member 0 twice',
  ],
  ['an address without a port', 0, [{ id: 0, address: 'localhost' }], 'address "localhost" of member 0 must be'],
  ['a member without an address', 1, [{ id: 0, address: 'a:1' }], 'no address for member 1'],
])('%s is refused by name', async (_, id, peers, message) => {
  const started = start(id, peers);
  await expect(started).rejects.toThrow(EngineConfigError);
  await expect(started).rejects.toThrow(message);
});

test('a member that listens everywhere has to say where it can be called', async () => {
  const peers = [{ id: 0, address: 'a:1' }];
  await expect(start(1, peers, overTcp({ listen: '0.0.0.0:9000' }))).rejects.toThrow('advertise an address');
});
