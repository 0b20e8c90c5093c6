import { deepStrictEqual, ok } from 'node:assert';
import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import type { ServerProcess } from '../apache/server-process.ts';
import type { Java } from '../java/java.ts';
import {
  errorsOf,
  formatController,
  registrationsOf,
  startApacheController,
} from '../kraft-quorum/apache-controller.ts';
import { compareLogs, dumpable } from '../kraft-quorum/compare-logs.ts';
import { Member, type MemberOptions } from '../kraft-quorum/member.ts';
import { until } from '../kraft-quorum/until.ts';
import type { Suite, SuiteContext } from '../suite.ts';

/** A controller of the quorum: ours or Apache's by turns, on its one directory. */
interface Place extends MemberOptions {
  readonly quorum: Properties;
}

export const suite: Suite = {
  name: 'kraft-quorum',
  title: "the metadata quorum: ours and Apache's controllers in one quorum, and on each other's directories",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const java = await context.java();
    for (const mode of ['static', 'dynamic'] as const) {
      await mixedQuorum(context, java, mode);
      await takenOver(context, java, mode);
    }
  },
};

/** One quorum of Apache's controller 1 and our 2 and 3. */
async function mixedQuorum({ check, scratch }: SuiteContext, java: Java, mode: Mode): Promise<void> {
  const places = await format(java, join(scratch, `${mode}-quorum`), mode, 3);
  const [apache, second, third] = places;
  if (apache === undefined || second === undefined || third === undefined) throw new Error('three places are needed');
  const directories = places.map(({ directory }) => directory);
  const ours: Member[] = [];
  let server: ServerProcess | undefined;
  const leader = (): Member | undefined => ours.find(({ leading }) => leading !== null);
  const state = (): unknown => ours.map((member) => [member.quorum.status(), member.failures.map(String)]);
  /** Waits until all have what the leader has now, and compares it. */
  const level = async (): Promise<string> => {
    const { logEndOffset } = (leader() ?? (ours[0] as Member)).quorum.status();
    const has = (member: Member): boolean => member.quorum.status().highWatermark >= logEndOffset;
    await until('level', () => ours.every(has), state);
    let batches = 0;
    await until(
      'equal',
      () => {
        try {
          batches = compareLogs(directories, logEndOffset);
          return true;
        } catch {
          return false;
        }
      },
      () => {
        compareLogs(directories, logEndOffset);
        return 'equal by now';
      },
      10_000,
    );
    deepStrictEqual(
      ours.flatMap(({ failures }) => failures),
      [],
    );
    return `${batches} batches below ${logEndOffset}`;
  };
  try {
    ours.push(await Member.start(second), await Member.start(third));
    await check(`${mode}: one of ours leads, and Apache's controller joins and follows`, async () => {
      await until('led', () => leader() !== undefined, state);
      server = await startApacheController(java, apache.directory);
      return level();
    });
    await check(`${mode}: ours makes way, and Apache's controller leads`, async () => {
      // The first successor is who is the furthest, and that need not be Apache's the first time.
      for (let tries = 0; tries < 20 && leader() !== undefined; tries++) {
        const epochs = ours.map((member) => member.quorum.status().epoch);
        const before = Math.max(...epochs);
        leader()?.quorum.resign();
        const isLed = (member: Member): boolean => {
          const { epoch, leaderId } = member.quorum.status();
          return epoch > before && leaderId > 0 && (leaderId === 1 || leader() !== undefined);
        };
        await until('led again', () => ours.every(isLed), state);
      }
      deepStrictEqual(
        ours.map((member) => member.quorum.status().leaderId),
        [1, 1],
      );
      const from = ours[0]?.end ?? 0;
      await until("given Apache's records", () => ours.every(({ end }) => end > from + 10), state);
      const registered = (member: Member): boolean =>
        member.records.some((record) => record.type === 'RegisterControllerRecord' && record.record.controllerId === 1);
      ok(ours.every(registered), "Apache's controller has registered itself");
      return level();
    });
    await check(`${mode}: Apache's controller stops, and ours leads`, async () => {
      await server?.stop();
      await until('led', () => leader() !== undefined, state);
      const from = ours[0]?.end ?? 0;
      await until('committed', () => ours.every(({ end }) => end > from + 10), state);
      deepStrictEqual(errorsOf(apache.directory), []);
    });
    await check(`${mode}: Apache's controller comes back and has what it missed`, async () => {
      server = await startApacheController(java, apache.directory);
      return level();
    });
    await check(`${mode}: ours restart beside it, from their snapshots`, async () => {
      for (const [at, place] of [second, third].entries()) {
        await ours[at]?.stop();
        ours.splice(at, 1, await Member.start(place));
        await until('led', () => ours.every((member) => member.quorum.status().leaderId > 0), state);
        await level();
      }
      ok(
        ours.every(({ restored }) => restored > 0),
        'each began with a snapshot',
      );
      deepStrictEqual(errorsOf(apache.directory), []);
    });
  } finally {
    for (const member of ours) await member.stop();
    await server?.kill();
  }
  await check(`${mode}: kafka-dump-log reads our logs and snapshots`, () => checkDumps(java, [second, third]));
}

/** A quorum of one, whose directory goes from ours to Apache's controller and back. */
async function takenOver({ check, scratch }: SuiteContext, java: Java, mode: Mode): Promise<void> {
  const [place] = await format(java, join(scratch, `${mode}-alone`), mode, 1);
  if (place === undefined) throw new Error('a place is needed');
  const runOurs = async (records: number): Promise<Member> => {
    const member = await Member.start(place);
    const state = (): unknown => [member.quorum.status(), member.failures.map(String)];
    try {
      await until('led', () => member.leading !== null, state);
      const from = member.end;
      for (let written = 0; written < records; written++) member.noop();
      await until('committed', () => member.end >= from + records && member.snapshots > 0, state);
    } finally {
      await member.stop();
    }
    deepStrictEqual(member.failures, []);
    return member;
  };
  let starts = 0;
  const runApache = async (): Promise<void> => {
    const server = await startApacheController(java, place.directory);
    const registered = (): number => registrationsOf(place.directory);
    try {
      starts++;
      await until('registered', () => registered() === starts, registered);
    } finally {
      await server.stop();
    }
    deepStrictEqual(errorsOf(place.directory), []);
  };
  let end = 0;
  await check(`${mode}: Apache's controller starts on a directory that we wrote, and leads`, async () => {
    ({ end } = await runOurs(100));
    await runApache();
  });
  await check(`${mode}: ours starts on the directory that Apache's controller leaves, and leads`, async () => {
    const member = await runOurs(100);
    ok(member.restored === 1, 'it began with a snapshot');
    ok(member.end > end + 100, `the log went on from ${end}`);
    const registered = member.records.some((record) => record.type === 'RegisterControllerRecord');
    ok(registered, "what Apache's controller wrote is there");
  });
  await check(`${mode}: Apache's controller starts on it once more, and leads`, runApache);
  await check(`${mode}: kafka-dump-log reads what both have written`, () => checkDumps(java, [place]));
}

type Mode = 'static' | 'dynamic';

async function format(java: Java, root: string, mode: Mode, count: number): Promise<readonly Place[]> {
  const ports = await freePorts(count);
  const servers = ports.map((port) => `${LOOPBACK}:${port}`);
  const isStatic = mode === 'static';
  const voters = ports.map((port, at) => ({ id: at + 1, host: LOOPBACK, port }));
  const quorum: Properties = isStatic
    ? { 'controller.quorum.voters': servers.map((server, at) => `${at + 1}@${server}`).join() }
    : { 'controller.quorum.bootstrap.servers': servers.join() };
  // Each directory is told the ids of all, and so they are chosen here.
  const initial = ports.map((port, at) => `${at + 1}@${LOOPBACK}:${port}:${DIRECTORY_IDS[at]}`);
  const flags = isStatic ? [] : ['--initial-controllers', initial.join()];
  const places: Place[] = [];
  for (const [at, port] of ports.entries()) {
    const directory = join(root, `${at + 1}`);
    const directoryId = await formatController(java, { id: at + 1, port, quorum, directory }, flags);
    const bootstrapServers = isStatic ? [] : servers;
    places.push({ id: at + 1, port, directory, directoryId, quorum, voters: isStatic ? voters : [], bootstrapServers });
  }
  return places;
}

const DIRECTORY_IDS = ['Axt-zhbhRvGoHt3e_TDLcQ', '7unYXEppCIiTspVkg8c9cQ', 'Co9PiwRLRLW5cQfr_dJs_g'];

/** Apache's tool decodes every record of these directories, and finds nothing wrong. */
async function checkDumps(java: Java, places: readonly Place[]): Promise<string> {
  const files = places.flatMap(({ directory }) => dumpable(directory));
  const args = ['--cluster-metadata-decoder', '--files', files.join()];
  const { stdout } = await java.run('kafka.tools.DumpLogSegments', args);
  const lines = stdout.split('\n');
  const batches = lines.filter((line) => line.startsWith('baseOffset: '));
  const records = lines.filter((line) => line.startsWith('| offset: '));
  ok(batches.length > 0 && batches.every((line) => line.endsWith('isvalid: true')));
  ok(!/Could not|Exception|isvalid: false|Found \d+ invalid bytes/.test(stdout));
  ok(files.some((file) => file.endsWith('.checkpoint') && lines.includes(`Dumping ${file}`)));
  const readable = /payload: \{|controlType: LEADER_CHANGE|SnapshotHeader|SnapshotFooter|KRaftVersion|KRaftVoters/;
  deepStrictEqual(
    records.filter((line) => !readable.test(line)),
    [],
  );
  return `${files.length} files, ${batches.length} batches, ${records.length} records`;
}
