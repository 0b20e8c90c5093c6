import { ControllerKit } from '../test/controller/support/controller-kit.ts';

// A controller that stands by has replayed everything: from its election to its first committed change, and to the view
// that shows it, must take as long in a large cluster as in a small one.

const PARTITIONS_PER_TOPIC = 5_000;

const ROUNDS = 7;
const TAKEOVERS = 200;

const sizes = [100, 10_000, 100_000];
const kits: ControllerKit[] = [];
for (const size of sizes) kits.push(await clusterOf(size));

// In turn, so that whatever else the machine does happens to all of them; one round to warm up.
const rounds: number[][] = sizes.map(() => []);
for (let round = 0; round <= ROUNDS; round++) {
  for (const [index, kit] of kits.entries()) {
    const start = process.cpuUsage();
    for (let takeover = 0; takeover < TAKEOVERS; takeover++) await takeOver(kit);
    const { user, system } = process.cpuUsage(start);
    if (round > 0) rounds[index]?.push((user + system) / TAKEOVERS);
  }
}
console.log('A leadership taken over, and the first change of a partition committed and published:');
const medians = rounds.map((values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0);
for (const [index, size] of sizes.entries()) {
  const [own = 0, first = 0] = [medians[index], medians[0]];
  console.log(
    `${size.toLocaleString('en')} partitions: ${own.toFixed(1)} µs of processor time, ${(own / first).toFixed(2)} times`,
  );
}
process.exit(0);

async function clusterOf(partitions: number): Promise<ControllerKit> {
  const kit = await ControllerKit.withBrokers([1, 2, 3]);
  for (let made = 0; made < partitions; made += PARTITIONS_PER_TOPIC) {
    const count = Math.min(PARTITIONS_PER_TOPIC, partitions - made);
    await kit.assign(
      `topic-${made / PARTITIONS_PER_TOPIC}`,
      Array.from({ length: count }, () => [1, 2, 3]),
    );
  }
  return kit;
}

async function takeOver(kit: ControllerKit): Promise<void> {
  kit.journal.resign();
  kit.journal.lead();
  const { isr } = kit.partition('topic-0', 0);
  const error = await kit.alterIsr('topic-0', 0, isr.length === 3 ? [1, 2] : [1, 2, 3]);
  if (error !== 'NONE') throw new Error(`the change was refused: ${error}`);
}
