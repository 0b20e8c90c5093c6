import { deepStrictEqual } from 'node:assert';
import { compressionCodecs } from '@biquorum/compression';
import { checkBatch, RecordBatch } from '@biquorum/kafka-wire';
import { Prng } from '@biquorum/std';
import { type BatchContent, type BatchFacts, type BatchRecording, Oracle } from '../oracle/oracle.ts';
import { checkRecordedBatches } from '../records/check-recorded.ts';
import { compareBatch, damageBatch } from '../records/damage.ts';
import { type DrawnBatch, drawBatches } from '../records/draw-batch.ts';
import type { Suite } from '../suite.ts';

/** Sizes of the largest value in a batch: none, about a block of each codec's framing, several blocks. */
const VALUE_BYTES = [0, 0, 0, 0, 32_768, 65_536, 65_537, 300_000];

/** Larger batches hold more of the same, and Java takes its time with them. */
const DAMAGED_HEX_MAX = 6000;

export const suite: Suite = {
  name: 'records',
  title: 'record batches with every codec, both ways between Java and us',
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java, seed, full }) {
    const oracle = new Oracle(await java());
    const random = new Prng(seed);

    await check('we read what Java writes, and build it again', async () => {
      const lines = await oracle.batchLines(seed, full ? 100 : 10);
      const recordings = lines.map((line): BatchRecording => JSON.parse(line));
      checkRecordedBatches(recordings, compressionCodecs());
      return `${recordings.length} recordings`;
    });

    await check('Java reads what we build', async () => {
      const sizes = full ? [...VALUE_BYTES, ...VALUE_BYTES, 5_000_000] : VALUE_BYTES;
      const batches = sizes.flatMap((size, index) => [...drawBatches(random, `draw ${index}`, size)]);
      const answers = await oracle.checkBatches(
        batches.map(({ bytes }) => ({ hex: Buffer.from(bytes).toString('hex') })),
      );
      deepStrictEqual(answers.length, batches.length);
      for (const [index, answer] of answers.entries()) {
        const { title, expected } = batches[index] as DrawnBatch;
        if ('error' in answer) throw new Error(`${title}: Java refuses it: ${answer.error}`);
        deepStrictEqual(answer.batches.map(contentOf), [expected], title);
      }
      return `${batches.length} batches`;
    });

    await check(
      'of damaged batches with a right checksum we read none that Java refuses, and the others alike',
      async () => {
        const codecs = compressionCodecs();
        const sound = (await oracle.batchLines(seed, full ? 100 : 10))
          .map((line): BatchRecording => JSON.parse(line))
          .filter(({ codec, hex }) => codec !== 'mixed' && hex.length < DAMAGED_HEX_MAX)
          .map(({ hex }) => new Uint8Array(Buffer.from(hex, 'hex')));
        const damaged = sound.flatMap((bytes) => Array.from({ length: 4 }, () => damageBatch(bytes, random)));
        const answers = await oracle.checkBatches(
          damaged.map((bytes) => ({ hex: Buffer.from(bytes).toString('hex') })),
        );
        const counts = { 'both-read': 0, 'both-refuse': 0, 'we-alone-refuse': 0 };
        for (const [index, answer] of answers.entries())
          counts[compareBatch(damaged[index] as Uint8Array, answer, codecs)]++;
        if (counts['both-read'] === 0 || counts['both-refuse'] === 0) throw new Error('the damage is all of one kind');
        // Strictness that refused what is sound would show in the other checks; here it must stay the exception.
        if (counts['we-alone-refuse'] > damaged.length / 20)
          throw new Error(`we are too strict: ${JSON.stringify(counts)}`);
        return `${counts['both-read']} read, ${counts['both-refuse']} refused, ${counts['we-alone-refuse']} by us alone`;
      },
    );

    await check('a batch with one bit changed is refused by Java and by us', async () => {
      const damaged = [...drawBatches(random, 'damaged', 0)].map(({ bytes }) => {
        const copy = bytes.slice();
        // Behind the leader epoch, which no checksum covers, and the magic, which decides how the rest is read.
        const at = random.between(17, copy.length - 1);
        copy[at] = (copy[at] as number) ^ (1 << random.below(8));
        return copy;
      });
      const answers = await oracle.checkBatches(damaged.map((bytes) => ({ hex: Buffer.from(bytes).toString('hex') })));
      for (const [index, answer] of answers.entries()) {
        const bytes = damaged[index] as Uint8Array;
        deepStrictEqual('error' in answer, true, `Java accepts ${Buffer.from(bytes).toString('hex')}`);
        deepStrictEqual(checkBatch(new RecordBatch(bytes))?.kind, 'crc-mismatch');
      }
      return `${damaged.length} batches`;
    });
  },
};

function contentOf({ crc: _, records, ...facts }: BatchFacts): BatchContent {
  return { ...facts, records: records.map(({ sizeInBytes: __, ...record }) => record) };
}
