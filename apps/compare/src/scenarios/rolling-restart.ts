import { Administrator, type Span } from './administrator.ts';
import { trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { onStage, TOPIC } from './stage.ts';

const EVERY_MS = 100;

function rollingRestart(brokers: 3 | 4): Scenario {
  return {
    name: `rolling-${brokers}`,
    title: `Rolling restart of ${brokers === 3 ? 'three' : 'four'} brokers`,
    summary: `Each broker is stopped in order and started again, one after the other, each when all replicas are in sync, while topics of three replicas are made. ${
      brokers === 3
        ? 'While one of three is down, ZooKeeper mode refuses to make such topics; KRaft mode makes them, with replicas on a broker that is registered and away, and refuses only while one hands over what it leads.'
        : 'With four, three are always there.'
    }`,
    rows: () => [
      { id: 'stopped', title: 'a broker stops, handing over what it leads', unit: 'ms' },
      { id: 'started', title: 'a broker starts, until every replica is in sync', unit: 'ms' },
      { id: 'made', title: 'topics of three replicas made meanwhile', unit: '' },
      { id: 'down', title: '– of them while a broker was down', unit: '' },
      { id: 'refused', title: 'refused: INVALID_REPLICATION_FACTOR', unit: '' },
      { id: 'refused-down', title: '– of them while a broker was down', unit: '' },
      { id: 'other', title: 'refused for other reasons, or not answered', unit: '' },
      ...trafficRows,
      ...workRows,
    ],
    run: (context) =>
      onStage(
        context,
        async ({ side, client }) => {
          const [stopped, started]: [number[], number[]] = [[], []];
          const spans: (readonly [number, number])[] = [];
          await using administrator = new Administrator(client, { replicas: 3, everyMs: EVERY_MS });
          await administrator.untilMade();
          for (const { id } of [...side.brokers]) {
            const stopMs = performance.now();
            await side.stop(id);
            const downMs = performance.now();
            stopped.push(downMs - stopMs);
            // Long enough for topics to be asked for; the first answer is to what was asked before.
            await administrator.untilTried(DOWN_TRIES + 1);
            const startMs = performance.now();
            spans.push([downMs, startMs]);
            await side.restart(id);
            await client.untilInSync([TOPIC]);
            started.push(performance.now() - startMs);
          }
          await administrator.untilMade();
          const { made, refused, unanswered } = administrator.result;
          const replication = refused.get('INVALID_REPLICATION_FACTOR') ?? [];
          const all = [...refused.values()].reduce((sum, { length }) => sum + length, 0);
          const whileDown = (asked: readonly Span[]): number =>
            asked.filter(({ askedMs, answeredMs }) =>
              spans.some(([fromMs, untilMs]) => askedMs > fromMs && answeredMs < untilMs),
            ).length;
          return {
            stopped,
            started,
            made: made.length,
            down: whileDown(made),
            refused: replication.length,
            'refused-down': whileDown(replication),
            other: all - replication.length + unanswered,
          };
        },
        { brokers },
      ),
  };
}

const DOWN_TRIES = 5;

/** Each of three brokers, one after the other. */
export const rollingThree: Scenario = rollingRestart(3);

/** Each of four brokers, one after the other. */
export const rollingFour: Scenario = rollingRestart(4);
