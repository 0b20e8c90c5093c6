import { deepStrictEqual } from 'node:assert';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageByName } from '@biquorum/kafka-wire/registry';
import { Prng } from '@biquorum/std';
import { decodeFixture, encodeFixture, FIXTURES, fixtureLines } from '../oracle/fixtures.ts';
import { type MessageAnswer, Oracle } from '../oracle/oracle.ts';
import type { Suite } from '../suite.ts';
import { assertCovers } from '../wire/covers.ts';
import { type Agreement, type Claim, compareReading, damageAll } from '../wire/damage.ts';
import { type Drawn, drawMessage } from '../wire/draw-message.ts';
import { runRecordingsTest } from '../wire/run-recordings-test.ts';

/** A value of ours, and the bytes that we write for it. */
interface Question {
  readonly m: string;
  readonly v: number;
  readonly hex: string;
  readonly value: Drawn;
}

export const suite: Suite = {
  name: 'wire',
  title: 'every message in every version, both ways between Java and us',
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java, seed, full, scratch }) {
    const oracle = new Oracle(await java());
    const samples = full ? 20 : 3;

    await check('the committed recordings are what Java writes for their seed', async () => {
      const files = await fixtureLines(oracle);
      deepStrictEqual(readdirSync(FIXTURES).sort(), [...files.keys()].sort());
      for (const [name, lines] of files)
        deepStrictEqual(decodeFixture(readFileSync(join(FIXTURES, name))), lines, name);
      return `${files.size} files`;
    });

    await check("Java's bytes read as Java's values and are written back equal", async () => {
      const lines = await oracle.messageLines(seed, samples);
      const note = await runRecordingsTest(writeRecordings(join(scratch, 'from-java'), lines));
      return `${lines.length} values, ${note}`;
    });

    const questions = [...ourValues(seed, samples)];
    let answers: readonly string[] = [];

    await check('Java and we refuse the same damaged bytes, and read the others alike', async () => {
      const sound = (await oracle.messageLines(seed, 2)).map((line): Claim => JSON.parse(line));
      const damaged = [...damageAll(sound, full ? 20 : 3, new Prng(seed))];
      const lines = await oracle.checkMessages(damaged.map(({ m, v, hex }) => ({ m, v, hex })));
      const agreements = lines.map((line, index) => compareReading(damaged[index] as Claim, JSON.parse(line)));
      const count = (kind: Agreement['kind']): number =>
        agreements.filter((agreement) => agreement.kind === kind).length;
      const disagreements = agreements.filter((agreement) => agreement.kind === 'disagreement');
      if (disagreements.length > 0)
        throw new Error(
          disagreements
            .slice(0, 20)
            .map(({ detail }) => detail)
            .join('\n'),
        );
      // Damage that neither side notices, or that both always do, would prove little.
      if (count('both-read') === 0 || count('both-refuse') === 0) throw new Error('the damage is all of one kind');
      return `${count('both-read')} read, ${count('both-refuse')} refused, ${count('unsafe-integer')} beyond a number`;
    });

    await check('we read what we write', () => {
      for (const question of questions) {
        const codec = messageByName.get(question.m);
        const read = codec?.fromBytes(new Uint8Array(Buffer.from(question.hex, 'hex')), question.v);
        labelled(question, () => assertCovers(read, question.value));
      }
      return `${questions.length} values`;
    });

    await check('Java reads our bytes and writes them back equal', async () => {
      answers = await oracle.checkMessages(questions.map(({ m, v, hex }) => ({ m, v, hex })));
      deepStrictEqual(answers.length, questions.length);
      for (const [index, line] of answers.entries()) {
        const answer: MessageAnswer = JSON.parse(line);
        const question = questions[index] as Question;
        labelled(question, () => {
          if ('error' in answer) throw new Error(`Java refuses ${question.hex}: ${answer.error}`);
          deepStrictEqual(answer.hex, question.hex);
        });
      }
    });

    await check('Java reads in our bytes the values that we read', async () => {
      return runRecordingsTest(writeRecordings(join(scratch, 'from-us'), answers));
    });
  },
};

function* ourValues(seed: number, samples: number): Generator<Question> {
  const random = new Prng(seed);
  for (const codec of messageByName.values()) {
    for (let version = codec.lowestVersion; version <= codec.highestVersion; version++) {
      for (let sample = 0; sample < samples; sample++) {
        const value = drawMessage(codec.table, version, random);
        const bytes = codec.toBytes(value, version);
        yield { m: codec.table.name, v: version, hex: Buffer.from(bytes).toString('hex'), value };
      }
    }
  }
}

/** Puts lines where the recordings test finds them. */
function writeRecordings(directory: string, lines: readonly string[]): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'messages-fresh.jsonl.zst'), encodeFixture(['{}', ...lines], 1));
  return directory;
}

function labelled({ m, v }: Question, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw new Error(`${m} v${v}: ${(error as Error).message}`, { cause: error });
  }
}
