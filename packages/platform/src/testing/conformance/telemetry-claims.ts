import { check, equal } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What all telemetry does, wherever it goes. */
export const telemetryClaims: readonly Claim[] = [
  claim('fields are made only for levels that are on', async ({ ports: { telemetry } }) => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
      let made = 0;
      telemetry.log(level, 'conformance checked', () => {
        made++;
        return { level };
      });
      equal(made, telemetry.enabled(level) ? 1 : 0, `times fields were made for ${level}`);
    }
  }),

  claim('every kind of field is taken', async ({ ports: { telemetry } }) => {
    const error = new Error('told', { cause: new Error('the cause') });
    const child = telemetry.child({ bound: 'yes' }).child({ deeper: 1n });
    child.log('error', 'conformance checked', {
      error,
      text: 'a "quoted" text',
      list: [1, 'two', null, [true]],
      nested: { big: 2n ** 64n, nothing: undefined },
    });
  }),

  claim('a metric is the same one each time it is asked for', async ({ ports: { telemetry } }) => {
    check(
      telemetry.counter('conformance.checks', { a: 1, b: 2 }) ===
        telemetry.counter('conformance.checks', { b: 2, a: 1 }),
      'the order of labels makes a difference',
    );
    telemetry.counter('conformance.checks').add();
    telemetry.gauge('conformance.level').set(3);
    telemetry.gauge('conformance.level').add(-1);
    telemetry.histogram('conformance.elapsedMs').record(0.7);
    telemetry.histogram('conformance.sizes', { kind: 'small' }, [10, 100]).record(1_000);
  }),
];
