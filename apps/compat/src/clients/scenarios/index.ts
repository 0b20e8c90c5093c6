import type { Scenario } from '../scenario.ts';
import { administrationScenarios } from './administration.ts';
import { consumeScenarios } from './consume.ts';
import { groupScenarios } from './groups.ts';
import { produceScenarios } from './produce.ts';
import { troubleScenarios } from './trouble.ts';

/** The rows of the matrix, in their order. */
export const scenarios: readonly Scenario[] = [
  ...produceScenarios,
  ...consumeScenarios,
  ...groupScenarios,
  ...administrationScenarios,
  ...troubleScenarios,
];
