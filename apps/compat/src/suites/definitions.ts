import { deepStrictEqual } from 'node:assert';
import { apis, ERRORS, requestHeaderVersion, responseHeaderVersion } from '@biquorum/kafka-wire';
import { messageByName } from '@biquorum/kafka-wire/registry';
import { compareMessages } from '../definitions/compare.ts';
import { type MessageFacts, messageFacts } from '../definitions/facts.ts';
import { plantDifferences } from '../definitions/plant.ts';
import { Oracle } from '../oracle/oracle.ts';
import type { Suite } from '../suite.ts';

/** Most differences that one failure names. */
const SHOWN = 30;

export const suite: Suite = {
  name: 'definitions',
  title: "our tables say what Apache's jars say",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java }) {
    const oracle = new Oracle(await java());
    const ours = [...messageByName.values()].map(({ table }) => messageFacts(table));
    const javas = (await oracle.definitions()).map(messageFacts);

    await check('every message table has the facts of its definition', () => {
      const differences = compareMessages(ours, javas);
      if (differences.length === 0) return `${javas.length} messages`;
      throw new Error([`${differences.length} differences:`, ...differences.slice(0, SHOWN)].join('\n'));
    });

    await check('a difference planted in any fact of any table of ours is found', () => {
      let planted = 0;
      const missed: string[] = [];
      for (const our of ours) {
        const java = javas.filter(({ name }) => name === our.name);
        for (const { change, message } of plantDifferences(our)) {
          planted++;
          if (compareMessages([message], java).length === 0) missed.push(change);
        }
      }
      if (missed.length > 0) throw new Error(`not found: ${missed.slice(0, SHOWN).join(', ')}`);
      return `${planted} planted`;
    });

    await check('API keys have the versions, header versions, listeners and flags that Java has', async () => {
      const javaApis = await oracle.apis();
      deepStrictEqual(
        apis.map((api) => ({
          key: api.key,
          name: api.name,
          oldestVersion: api.lowestVersion,
          latestVersion: api.highestVersion,
          clusterAction: api.clusterAction,
          forwardable: api.forwardable,
          listeners: [...api.listeners].sort(),
          versions: versionsOf(api.lowestVersion, api.highestVersion).map((version) => ({
            version,
            stable: !(api.latestVersionUnstable && version === api.highestVersion),
            deprecated: version <= (api.highestDeprecatedVersion ?? -1),
            requestHeader: requestHeaderVersion(api.key, version),
            responseHeader: responseHeaderVersion(api.key, version),
          })),
        })),
        javaApis.map(({ listeners, ...api }) => ({ ...api, listeners: listeners.map(listenerName).sort() })),
      );
      return `${javaApis.length} APIs`;
    });

    await check('errors have the codes, names and kinds that Java has', async () => {
      const javaErrors = await oracle.errors();
      deepStrictEqual(
        ERRORS.map(({ code, name, retriable, invalidMetadata }) => ({ code, name, retriable, invalidMetadata })),
        javaErrors,
      );
      return `${javaErrors.length} errors`;
    });

    await check('the definitions read are those of every message and version of 3.9.2', () => checkComplete(javas));
  },
};

/** 240 messages in 740 versions: fewer would mean that a jar was missed. */
function checkComplete(javas: readonly MessageFacts[]): string {
  const pairs = javas.reduce((sum, { validVersions: [lowest, highest] }) => sum + highest - lowest + 1, 0);
  deepStrictEqual([javas.length, pairs], [240, 740]);
  return `${pairs} versions`;
}

function versionsOf(lowest: number, highest: number): readonly number[] {
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
}

/** Java says `zk_broker`, definitions say `zkBroker`. */
function listenerName(listener: string): string {
  return listener === 'zk_broker' ? 'zkBroker' : listener;
}
