import { clockClaims } from './clock-claims.ts';
import { connectionClaims } from './connection-claims.ts';
import { diskFileClaims } from './disk-file-claims.ts';
import { diskNameClaims } from './disk-name-claims.ts';
import type { Claim, Implementation, TestFramework } from './kit.ts';
import { listeningClaims } from './listening-claims.ts';
import { randomClaims } from './random-claims.ts';
import { telemetryClaims } from './telemetry-claims.ts';
import { timersClaims } from './timers-claims.ts';
import { workersClaims } from './workers-claims.ts';

/** Everything that an implementation of the ports promises, by port. */
export const portClaims: { readonly [port: string]: readonly Claim[] } = {
  clock: clockClaims,
  timers: timersClaims,
  random: randomClaims,
  connection: connectionClaims,
  listener: listeningClaims,
  file: diskFileClaims,
  directory: diskNameClaims,
  workers: workersClaims,
  telemetry: telemetryClaims,
};

/**
 * The conformance kit: describes, in the test framework at hand, what every implementation of the ports must do.
 *
 * ```ts
 * describePorts({ describe, test: it }, { name: 'Node', use: async (body) => { ... } });
 * ```
 */
export function describePorts(framework: TestFramework, implementation: Implementation): void {
  framework.describe(`the ports in ${implementation.name}`, () => {
    for (const [port, claims] of Object.entries(portClaims)) {
      framework.describe(port, () => {
        for (const { title, check } of claims) framework.test(title, () => implementation.use(check));
      });
    }
  });
}
