import { brokerJoin } from './broker-join.ts';
import { controllerKill } from './controller-kill.ts';
import { controllerPause } from './controller-pause.ts';
import { failoverSizes } from './failover-sizes.ts';
import { leaderKill } from './leader-kill.ts';
import { metadataSkew } from './metadata-skew.ts';
import { networkSplit } from './network-split.ts';
import { majorityLoss, minorityFollower, minorityLeader } from './quorum-loss.ts';
import { rollingFour, rollingThree } from './rolling-restart.ts';
import type { Scenario } from './scenario.ts';
import { startUp } from './start-up.ts';
import { steady } from './steady.ts';
import { topicStorm } from './topic-storm.ts';

/** Every scenario, in the order in which a report has them. */
export const scenarios: readonly Scenario[] = [
  startUp,
  steady,
  topicStorm,
  metadataSkew,
  controllerKill,
  controllerPause,
  leaderKill,
  minorityFollower,
  minorityLeader,
  majorityLoss,
  networkSplit,
  rollingThree,
  rollingFour,
  brokerJoin,
  failoverSizes,
];
