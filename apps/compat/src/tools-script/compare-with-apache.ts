import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Make } from '../mixed-cluster/node.ts';
import { formatSteps, parseSteps } from '../mixed-cluster/transcript.ts';
import type { SuiteContext } from '../suite.ts';

/** Plays a script on a cluster of one make, chapter by chapter. */
export type Play = (
  make: Make,
  context: SuiteContext,
  onChapter: (title: string, body: () => Promise<readonly string[]>) => Promise<void>,
) => Promise<void>;

/**
 * Compares what tools say of our cluster with a recording of what they say of Apache's. With `write` the recording is
 * made anew, with `full` it is compared with what Apache's tools say now.
 *
 * @param name of the file under `recordings`, without its ending
 */
export async function compareWithApache(
  name: string,
  chapterCount: number,
  play: Play,
  context: SuiteContext,
): Promise<void> {
  const { check, full, write } = context;
  const path = join(import.meta.dirname, '..', '..', 'recordings', `${name}.txt`);
  if (write) {
    writeFileSync(path, formatRecording(await record(chapterCount, play, context)));
    return;
  }
  const recorded = parseRecording(readFileSync(path, 'utf8'));
  if (full) {
    const chapters = await record(chapterCount, play, context);
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
}

async function record(
  chapterCount: number,
  play: Play,
  context: SuiteContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const chapters = new Map<string, readonly string[]>();
  await play('apache', context, (title, body) =>
    context.check(`Apache's cluster: ${title}`, async () => {
      chapters.set(title, await body());
    }),
  );
  if (chapters.size < chapterCount) throw new Error(`${chapters.size} of ${chapterCount} chapters were played`);
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
