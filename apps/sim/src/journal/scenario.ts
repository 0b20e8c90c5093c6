import type { Disk } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { crc32c, Prng } from '@biquorum/std';
import type { Outcome, Scenario } from '../scenario.ts';
import { JournalClient } from './client.ts';
import { letFaultsHappen } from './faults.ts';
import { readEntries } from './frames.ts';
import { journalFolder } from './journal.ts';
import { startServer } from './server.ts';

const clientNames: readonly string[] = ['ada', 'bertha', 'clara'];
const recordsPerClient = 150;
const faultsForMs = 3_000;
const mendedWithinMs = 60_000;

/** How a run may differ from an honest one, to see that the checks would notice. */
export interface JournalOptions {
  /** Puts something between the server and its disk. */
  readonly betweenDisk?: (disk: Disk) => Disk;
}

/** A journal server and its clients on the ports in memory. */
export const journal: Scenario = {
  name: 'journal',
  title: 'a journal server over the ports: what it acknowledged survives crashes, power failures, pauses and cut links',
  run: (seed) => runJournal(seed),
};

/**
 * Runs the scenario once.
 *
 * Safety: no client ever sees fewer records than were acknowledged to it, and after a last power failure the disk holds
 * exactly what the clients sent. Liveness: once the faults stop, all records are acknowledged within a minute.
 */
export async function runJournal(
  seed: number,
  { betweenDisk = (disk) => disk }: JournalOptions = {},
): Promise<Outcome> {
  const prng = new Prng(seed);
  const world = new MemoryWorld({ seed });
  const violations: string[] = [];
  const server = world.addHost('server');
  const start = (): void => {
    const { disk, network, timers } = server.ports;
    void startServer({ disk: betweenDisk(disk), network, timers });
  };
  start();

  const clients = clientNames.map((name) => {
    const payloads = payloadsOf(prng, name);
    const client = new JournalClient(world.addHost(name).ports, {
      name,
      server: 'server',
      payloads,
      onAcknowledged: (sequence) => world.time.note(sequence),
      onViolation: (what) => void violations.push(what),
    });
    return { name, payloads, client };
  });

  const faults = letFaultsHappen(world, prng.fork('faults'), {
    server: 'server',
    clients: clientNames,
    forMs: faultsForMs,
    start,
  });
  await world.time.runFor(faultsForMs + 500);
  try {
    await world.time.runUntil(() => clients.every(({ client }) => client.done), { limitMs: mendedWithinMs });
  } catch (error) {
    const states = clients
      .map(({ name, client }) => `${name} ${client.acknowledged} of ${recordsPerClient}`)
      .join(', ');
    violations.push(`not all is acknowledged after the faults ended (${states}): ${(error as Error).message}`);
  }

  server.powerOff('lost');
  let digest = world.time.fingerprint;
  for (const { name, payloads, client } of clients) {
    const bytes = server.disk.contents(`${journalFolder}/${name}`) ?? new Uint8Array(0);
    const { records } = readEntries(bytes);
    const kept = records.findIndex(({ payload }, index) => !equal(payload, payloads[index]));
    if (kept >= 0) violations.push(`${name}: record ${kept + 1} on the disk is not the one that was sent`);
    if (records.length < client.acknowledged) {
      violations.push(`${name}: ${client.acknowledged} records were acknowledged, the disk holds ${records.length}`);
    }
    digest = (Math.imul(digest, 31) + crc32c(bytes)) >>> 0;
  }
  const acknowledged = clients.reduce((sum, { client }) => sum + client.acknowledged, 0);
  return {
    hash: digest.toString(16).padStart(8, '0'),
    violations,
    virtualMs: world.time.nowMs,
    counts: { 'records acknowledged': acknowledged },
    faults,
  };
}

function payloadsOf(prng: Prng, name: string): readonly Uint8Array[] {
  const own = prng.fork(`payloads of ${name}`);
  return Array.from({ length: recordsPerClient }, () => own.fill(new Uint8Array(own.below(700))));
}

function equal(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((byte, index) => byte === other[index]);
}
