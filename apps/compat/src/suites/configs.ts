import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '@biquorum/cluster';
import { parseProperties } from '@biquorum/log';
import { ApacheBroker } from '../apache/broker.ts';
import { answersOf, compareAnswers, PROPERTIES, plantInAnswers, setUp } from '../configs/check-answers.ts';
import { checkValues } from '../configs/check-values.ts';
import { compareConfigFacts, plantInConfigFacts } from '../configs/compare-facts.ts';
import { javaConfigFacts, ourConfigFacts } from '../configs/config-facts.ts';
import type { Suite } from '../suite.ts';

/** Most differences that one failure names. */
const SHOWN = 30;
/** How many settings 3.9 lists for brokers, keeps to itself, has for topics, and takes at run time only. */
const COUNTS = { listed: 315, internal: 14, topic: 36, dynamic: 3 };
const VERSIONS = [0, 1, 2, 3, 4];

export const suite: Suite = {
  name: 'configs',
  title: "settings: our table says what Apache's classes say, and brokers describe themselves alike",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java: prepare, scratch }) {
    const java = await prepare();
    const ours = ourConfigFacts();
    const javas = await javaConfigFacts(java);

    await check(
      'every setting has the type, default, range, secrecy, way to change it and synonyms that Java has',
      () => {
        const differences = compareConfigFacts(ours, javas);
        if (differences.length > 0) fail(differences);
        return `${javas.length} settings`;
      },
    );
    await check('they are all that 3.9.2 has', () => {
      const broker = javas.filter(({ table }) => table === 'broker');
      const counts = {
        listed: broker.filter(({ internal }) => !internal).length,
        internal: broker.filter(({ internal }) => internal).length,
        topic: javas.filter(({ table }) => table === 'topic').length,
        dynamic: javas.filter(({ table }) => table === 'dynamic').length,
      };
      if (JSON.stringify(counts) !== JSON.stringify(COUNTS)) throw new Error(JSON.stringify(counts));
      return `${counts.listed} of brokers, ${counts.topic} of topics`;
    });
    await check('a difference planted in any fact of any setting of ours is found', () => {
      let planted = 0;
      for (const [index, facts] of ours.entries()) {
        for (const [change, changed] of plantInConfigFacts(facts)) {
          planted++;
          if (compareConfigFacts(ours.with(index, changed), javas).length === 0)
            throw new Error(`not found: ${change}`);
        }
      }
      return `${planted} planted`;
    });
    await check('both take the same values of every setting, and write them alike', () => checkValues(java));

    await checkDescriptions(check, java, scratch);
  },
};

async function checkDescriptions(
  check: (title: string, body: () => unknown) => Promise<void>,
  java: Parameters<typeof ApacheBroker.prepare>[0],
  scratch: string,
): Promise<void> {
  const directory = join(scratch, 'apache');
  mkdirSync(directory);
  await using apache = await ApacheBroker.prepare(java, directory, PROPERTIES);
  const file = readFileSync(join(directory, 'server.properties'));
  const properties = Object.fromEntries(parseProperties('server.properties', file));
  await apache.start();
  await using cluster = await startCluster({ brokers: 1, properties });
  await Promise.all([setUp(apache.bootstrap), setUp(cluster.bootstrap)]);
  await check('a difference planted in any field of any row of our answers is found', async () => {
    const [ours, javas] = [await answersOf(cluster.bootstrap, 4, true), await answersOf(apache.bootstrap, 4, true)];
    let planted = 0;
    for (const [change, changed] of plantInAnswers(ours)) {
      planted++;
      if (compareAnswers(changed, javas).length <= compareAnswers(ours, javas).length)
        throw new Error(`not found: ${change}`);
    }
    return `${planted} planted`;
  });
  for (const version of VERSIONS) {
    await check(
      `DescribeConfigs v${version}: a broker, a topic and what cannot be described are answered alike`,
      async () => {
        let rows = 0;
        for (const includes of [true, false]) {
          const javas = await answersOf(apache.bootstrap, version, includes);
          const differences = compareAnswers(await answersOf(cluster.bootstrap, version, includes), javas);
          if (differences.length > 0) fail(differences);
          rows += javas.reduce((sum, { configs }) => sum + configs.length, 0);
        }
        return `${rows} rows`;
      },
    );
  }
}

function fail(differences: readonly string[]): never {
  throw new Error([`${differences.length} differences:`, ...differences.slice(0, SHOWN)].join('\n'));
}
