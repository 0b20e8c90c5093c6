import { commandClaims } from './command-claims.ts';
import { isrClaims } from './isr-claims.ts';
import type { Claim, Implementation, TestFramework } from './kit.ts';
import { registrationClaims } from './registration-claims.ts';
import { shutdownClaims } from './shutdown-claims.ts';
import { topicClaims } from './topic-claims.ts';
import { viewClaims } from './view-claims.ts';

/** Everything that a control plane promises to a broker, by subject. */
export const planeClaims: { readonly [subject: string]: readonly Claim[] } = {
  registration: registrationClaims,
  'views and assignments': viewClaims,
  ISR: isrClaims,
  commands: commandClaims,
  topics: topicClaims,
  shutdown: shutdownClaims,
};

/**
 * The conformance suite: describes, in the test framework at hand, what every control plane must do.
 *
 * ```ts
 * describeControlPlane({ describe, test: it }, { name: 'reference, seed 1', use: async (body) => { ... } });
 * ```
 */
export function describeControlPlane(framework: TestFramework, implementation: Implementation): void {
  framework.describe(`the control plane in ${implementation.name}`, () => {
    for (const [subject, claims] of Object.entries(planeClaims)) {
      framework.describe(subject, () => {
        for (const { title, check } of claims) framework.test(title, () => implementation.use(check));
      });
    }
  });
}
