import { controllerKill } from './controller-kill.ts';
import type { Scenario } from './scenario.ts';
import { startUp } from './start-up.ts';

/** Every scenario, in the order in which a report has them. */
export const scenarios: readonly Scenario[] = [startUp, controllerKill];
