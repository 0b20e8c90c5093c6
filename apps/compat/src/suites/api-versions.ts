import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '@biquorum/cluster';
import {
  type ApiVersionsResponse,
  apiVersionsRequest,
  apiVersionsResponse,
} from '@biquorum/kafka-wire/messages/api-versions';
import { ApacheBroker } from '../apache/broker.ts';
import { groupAnswers } from '../api-versions/ask-groups.ts';
import { compareAnnouncements, plantInAnnouncement, unexplained, untrueRows } from '../api-versions/compare.ts';
import { createDescribed, ONE_PARTITION, topicAnswers } from '../api-versions/describe-topics.ts';
import { readKnownDifferences } from '../api-versions/known-differences.ts';
import { ODD_REQUESTS, reactionOf } from '../api-versions/odd-requests.ts';
import { ask } from '../configs/ask.ts';
import type { Suite } from '../suite.ts';

const VERSIONS = [0, 1, 2, 3, 4];
/** The version that tells most. */
const NEWEST = 4;

export const suite: Suite = {
  name: 'api-versions',
  title:
    "our brokers and controllers announce what Apache's announce, but for the known differences; topics and groups are described alike",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java: prepare, scratch }) {
    const directory = join(scratch, 'apache');
    mkdirSync(directory);
    await using apache = await ApacheBroker.prepare(await prepare(), directory);
    await apache.start();
    await using cluster = await startCluster({ mode: 'kraft', brokers: 1, controllers: 1 });
    const known = readKnownDifferences();

    for (const version of VERSIONS) {
      await check(`ApiVersions v${version}: what differs has a row`, async () => {
        const [ours, javas] = [await announced(cluster.bootstrap, version), await announced(apache.bootstrap, version)];
        const differences = compareAnnouncements(ours, javas);
        fail(unexplained(differences, known));
        return `${ours.apiKeys.length} of ${javas.apiKeys.length} APIs`;
      });
    }
    const controller = cluster.nodes.find(({ role }) => role === 'controller')?.address ?? '';
    const ofControllers = { ...known, notAnnounced: known.notAnnouncedByControllers };
    for (const version of VERSIONS) {
      await check(`ApiVersions v${version} of controllers: what differs has a row, and each row is true`, async () => {
        const [ours, javas] = [await announced(controller, version), await announced(apache.controller, version)];
        fail(unexplained(compareAnnouncements(ours, javas), ofControllers));
        fail(untrueRows(ofControllers, ours));
        return `${ours.apiKeys.length} of ${javas.apiKeys.length} APIs`;
      });
    }
    const ours = await announced(cluster.bootstrap, NEWEST);
    await check('what rows say is so: each API that they call not announced is not, and has one row', () => {
      fail(untrueRows(known, ours));
      return `${known.notAnnounced.size} APIs`;
    });
    await check('a difference planted in any field of our answer is found', async () => {
      const javas = await announced(apache.bootstrap, NEWEST);
      let planted = 0;
      for (const [change, changed] of plantInAnnouncement(ours)) {
        planted++;
        if (unexplained(compareAnnouncements(changed, javas), known).length === 0)
          throw new Error(`not found: ${change}`);
      }
      return `${planted} planted`;
    });
    await check('unknown versions, bad names and damaged bodies get the same bytes, or the same end', async () => {
      for (const [what, frame] of ODD_REQUESTS) {
        const reactions = [await reactionOf(cluster.bootstrap, frame), await reactionOf(apache.bootstrap, frame)];
        if (reactions[0] !== reactions[1]) throw new Error(`${what}: ${reactions[0]}, Java: ${reactions[1]}`);
      }
      return `${ODD_REQUESTS.length} requests`;
    });

    await check('DescribeTopicPartitions: topics, pages and what is not there are answered alike', async () => {
      await Promise.all([createDescribed(apache.bootstrap), createDescribed(cluster.bootstrap)]);
      const [mine, theirs] = [await topicAnswers(cluster.bootstrap), await topicAnswers(apache.bootstrap)];
      fail(
        mine.flatMap((answer, index) => (answer === theirs[index] ? [] : [`${answer}\n    Java: ${theirs[index]}`])),
      );
      return `${mine.length} questions`;
    });

    await check('groups: what only old or odd clients ask is answered alike', async () => {
      const [mine, theirs] = await Promise.all([
        groupAnswers(cluster.bootstrap, ONE_PARTITION),
        groupAnswers(apache.bootstrap, ONE_PARTITION),
      ]);
      fail(
        mine.flatMap((answer, index) => (answer === theirs[index] ? [] : [`${answer}\n    Java: ${theirs[index]}`])),
      );
      return `${mine.length} questions`;
    });
  },
};

function announced(bootstrap: string, version: number): Promise<ApiVersionsResponse> {
  const body = version >= 3 ? { clientSoftwareName: 'biquorum-compat', clientSoftwareVersion: '1.0' } : {};
  return ask(bootstrap, apiVersionsRequest, apiVersionsResponse, version, body);
}

function fail(differences: readonly string[]): void {
  if (differences.length > 0) throw new Error([`${differences.length} differences:`, ...differences].join('\n'));
}
