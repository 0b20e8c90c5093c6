import type { TopicPartition } from '../agent-protocol.ts';
import { equal, holds, numbered, type Scenario, type Stage, write } from '../scenario.ts';
import { Member } from './members.ts';

const PARTITIONS = 6;
const EACH = 10;

const threeMembers: Scenario = {
  id: 'group',
  title: 'a group of three: a join, a crash',
  needs: ['group'],
  kills: false,
  async run(stage) {
    const { subject, witness, another, name, topic: create, until } = stage;
    const topic = await create(PARTITIONS);
    const groupId = name('three');
    const values: string[] = [];
    const writeRound = async (): Promise<void> => {
      const first = values.length / PARTITIONS;
      const records = Array.from({ length: PARTITIONS }, (_, index) => numbered(EACH, index, first)).flat();
      await write(witness, topic, records);
      values.push(...records.map(({ value }) => value ?? ''));
    };
    const seen = new Set<string>();
    let members: Member[] = [];
    const step = async (): Promise<void> => {
      await Promise.all(members.map((member) => member.step()));
      for (const { read } of members) for (const { value } of read) seen.add(value ?? '');
    };
    const untilShared = (count: number): Promise<void> =>
      until(`${PARTITIONS} partitions shared by ${count} members`, async () => {
        await step();
        return isShared(await assignments(stage, groupId), topic, count);
      });
    const untilSeen = (): Promise<void> =>
      until(`all ${values.length} records seen`, async () => {
        await step();
        return seen.size >= values.length;
      });

    await writeRound();
    const start = async (): Promise<Member> => {
      const member = new Member(await another());
      await member.join(groupId, [topic]);
      return member;
    };
    members = [await start()];
    await untilShared(1);
    await untilSeen();
    members.push(...(await Promise.all([start(), start()])));
    await untilShared(3);
    await writeRound();
    await untilSeen();

    // What the third takes now is neither committed nor counted: others have to read it again.
    const [third] = members.splice(2);
    if (third === undefined) throw new Error('there are three members');
    await writeRound();
    const explicit = subject.hello.lacks['explicit-commit'] === undefined;
    if (explicit) {
      await until('the third takes something', async () => {
        const [records] = await Promise.all([third.poll(), step()]);
        return records.length > 0;
      });
    }
    // A tool commits what it printed, which counts as seen.
    for (const { value } of await third.agent.crash()) seen.add(value ?? '');
    await writeRound();
    await untilShared(2);
    await untilSeen();
    equal([...seen].sort(), [...values].sort(), 'records seen');
    await Promise.all(members.map((member) => member.leave()));
    const { members: left } = await witness.ask('describeGroup', { groupId });
    equal(left.length, 0, 'members that are left');
    return undefined;
  },
};

const commitAndResume: Scenario = {
  id: 'commit',
  title: 'commit and resume',
  needs: ['group'],
  kills: false,
  async run({ subject, witness, another, name, topic: create, until }) {
    const topic = await create(1);
    const groupId = name('resumed');
    const records = numbered(30, 0);
    await write(witness, topic, records);
    const explicit = subject.hello.lacks['explicit-commit'] === undefined;
    const committed = 10;

    const first = new Member(await another());
    await first.join(groupId, [topic], committed);
    const read = await collect(until, first, committed);
    if (explicit) await first.agent.ask('commit', { offsets: [{ topic, partition: 0, offset: committed }] });
    else equal(read.length, committed, 'records read by a member that commits by itself');
    await first.leave();
    const vouching = subject.hello.lacks.committed === undefined ? [witness, subject] : [witness];
    for (const agent of vouching) {
      const { offsets } = await agent.ask('committed', { groupId, topic, partitions: 1 });
      equal(
        offsets.map((it) => [it.topic, it.partition, it.offset]),
        [[topic, 0, committed]],
        `committed offsets as ${agent.hello.name} tells them`,
      );
    }

    const second = new Member(await another());
    await second.join(groupId, [topic], records.length - committed);
    const resumed = await collect(until, second, records.length - committed);
    equal(
      resumed.map((it) => it.value),
      records.slice(committed).map((it) => it.value),
      'records after the committed offset',
    );
    await second.leave();
    return explicit ? undefined : { detail: 'by itself', notes: [subject.hello.lacks['explicit-commit'] ?? ''] };
  },
};

const twoGroups: Scenario = {
  id: 'groups',
  title: 'two groups read the same data',
  needs: ['group'],
  kills: false,
  async run({ witness, another, name, topic: create, until }) {
    const topic = await create(2);
    const records = [...numbered(20, 0), ...numbered(20, 1)];
    await write(witness, topic, records);
    await Promise.all(
      ['one', 'other'].map(async (suffix) => {
        const member = new Member(await another());
        await member.join(name(suffix), [topic], records.length);
        const read = await collect(until, member, records.length);
        for (const partition of [0, 1]) {
          equal(
            read.filter((it) => it.partition === partition).map((it) => it.value),
            records.filter((it) => it.partition === partition).map((it) => it.value),
            `what the ${suffix} group reads of partition ${partition}`,
          );
        }
        await member.leave();
      }),
    );
    return undefined;
  },
};

const describeGroup: Scenario = {
  id: 'describe-group',
  title: 'describe a group; what it has committed',
  needs: ['describe-group', 'committed'],
  kills: false,
  async run({ subject, witness, anotherWitness, name, topic: create, until }) {
    const topic = await create(3);
    const groupId = name('described');
    await write(
      witness,
      topic,
      [0, 1, 2].flatMap((partition) => numbered(4, partition)),
    );
    const member = new Member(await anotherWitness());
    await member.join(groupId, [topic]);
    await until('everything read', async () => {
      await member.step();
      return member.read.length >= 12;
    });
    await until('the group is stable', async () => {
      await member.step();
      const { state, members } = await subject.ask('describeGroup', { groupId });
      return state.toLowerCase() === 'stable' && isShared(members, topic, 1, 3);
    });
    const { offsets } = await subject.ask('committed', { groupId, topic, partitions: 3 });
    equal(
      offsets.map((it) => [it.partition, it.offset]).sort(),
      [0, 1, 2].map((partition) => [partition, 4]),
      'committed offsets',
    );
    await member.leave();
    return undefined;
  },
};

/** Rows about groups. */
export const groupScenarios: readonly Scenario[] = [threeMembers, commitAndResume, twoGroups, describeGroup];

/** Polls until so many records came, which may be more. */
async function collect(until: Stage['until'], member: Member, count: number): Promise<Member['read']> {
  const read: Member['read'] = [];
  await until(`${count} records`, async () => {
    read.push(...(await member.poll()));
    return read.length >= count;
  });
  return read;
}

type Assignments = readonly { readonly partitions: readonly TopicPartition[] }[];

/** What each member owns, as the witness is told; nothing while the group is not stable. */
async function assignments({ witness }: Stage, groupId: string): Promise<Assignments> {
  const { state, members } = await witness.ask('describeGroup', { groupId });
  return state.toLowerCase() === 'stable' ? members : [];
}

/** Whether so many members own all partitions: each some, no partition twice. */
function isShared(members: Assignments, topic: string, count: number, partitions = PARTITIONS): boolean {
  if (members.length !== count || members.some((it) => it.partitions.length === 0)) return false;
  const owned = members.flatMap((it) => it.partitions);
  holds(
    owned.every((it) => it.topic === topic),
    `members own partitions of another topic than ${topic}`,
  );
  return owned.length === partitions && new Set(owned.map((it) => it.partition)).size === partitions;
}
