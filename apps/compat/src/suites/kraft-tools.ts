import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../java/cache.ts';
import { ToolServer } from '../java/tool-server.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { CHAPTERS, CLUSTER_PROPERTIES, playScript } from '../kraft-tools/script.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Make } from '../mixed-cluster/node.ts';
import { formatSteps, parseSteps } from '../mixed-cluster/transcript.ts';
import type { Suite, SuiteContext } from '../suite.ts';

/** What the tools said to a cluster of Apache's own nodes. */
const RECORDING = join(import.meta.dirname, '..', '..', 'recordings', 'kraft-tools-3.9.2.txt');

export const suite: Suite = {
  name: 'kraft-tools',
  title: "Apache's command-line tools say of our cluster what they say of Apache's own",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, full, write } = context;
    if (write) {
      writeFileSync(RECORDING, formatRecording(await record(context)));
      return;
    }
    const recorded = parseRecording(readFileSync(RECORDING, 'utf8'));
    if (full && !write) {
      const chapters = await record(context);
      await check("the recording is what the tools say of Apache's cluster", () => {
        for (const [title, steps] of chapters) compare(steps, recorded.get(title) ?? []);
      });
    }
    await play('ours', context, (title, body) =>
      check(title, async () => {
        const steps = await body();
        compare(steps, recorded.get(title) ?? []);
        return `${steps.length} runs`;
      }),
    );
  },
};

/** Plays the script on a cluster of one make. */
async function play(
  make: Make,
  context: SuiteContext,
  onChapter: (title: string, body: () => Promise<readonly string[]>) => Promise<void>,
): Promise<void> {
  const java = await context.java();
  await using cluster = await KraftCluster.prepare(java, {
    root: join(context.scratch, make),
    controllers: [make, make],
    brokers: [make, make, make],
    dynamic: true,
    properties: CLUSTER_PROPERTIES,
  });
  await using tools = new ToolServer(java);
  // The second controller joins in the course of the script.
  await cluster.start([101, 1, 2, 3]);
  await cluster.untilBrokers([1, 2, 3]);
  await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);
  await playScript({ cluster, load, scratch: context.scratch }, tools, ({ title }, body) => onChapter(title, body));
}

async function record(context: SuiteContext): Promise<ReadonlyMap<string, readonly string[]>> {
  const chapters = new Map<string, readonly string[]>();
  await play('apache', context, (title, body) =>
    context.check(`Apache's cluster: ${title}`, async () => {
      chapters.set(title, await body());
    }),
  );
  if (chapters.size < CHAPTERS.length) throw new Error(`${chapters.size} of ${CHAPTERS.length} chapters were played`);
  return chapters;
}

const HEADING = /^# /m;

function formatRecording(chapters: ReadonlyMap<string, readonly string[]>): string {
  return [...chapters].map(([title, steps]) => `# ${title}\n\n${formatSteps(steps)}`).join('\n');
}

function parseRecording(text: string): ReadonlyMap<string, readonly string[]> {
  const chapters = text.split(HEADING).filter((chapter) => chapter.trim() !== '');
  return new Map(
    chapters.map((chapter) => {
      const end = chapter.indexOf('\n');
      return [chapter.slice(0, end).trim(), parseSteps(chapter.slice(end))];
    }),
  );
}

/** @throws Error that shows each step that differs */
function compare(steps: readonly string[], recorded: readonly string[]): void {
  const differing = Array.from({ length: Math.max(steps.length, recorded.length) }, (_, at) => at)
    .filter((at) => steps[at] !== recorded[at])
    .map((at) => `${steps[at] ?? 'nothing'}\n--- Apache:\n${recorded[at] ?? 'nothing'}`);
  if (differing.length > 0) throw new Error(`${differing.length} runs differ:\n${differing.join('\n\n')}`);
}
