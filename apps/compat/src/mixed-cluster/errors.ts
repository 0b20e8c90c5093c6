import { readFileSync } from 'node:fs';
import type { NodeProcess } from './node.ts';

/** Lines of Apache's that tell of an error, and of ours. */
const ERROR = /\] (?:ERROR|FATAL) |"level":"error"/;

/**
 * What is said of peers that were killed; what Apache's broker says whenever partitions are added to a topic, and when a
 * controller that was just elected has taken a dead leader from its partitions and not replaced it yet; and its
 * controller when all of a quorum stop at once, so that none is left to take over.
 */
const EXPECTED: readonly RegExp[] = [
  /disconnected|[Cc]onnection|timed out|timeout|NOT_LEADER|NOT_CONTROLLER|UNKNOWN_TOPIC_OR_PARTITION/,
  /Expected partition \S+ with topic id \S+ to exist, but it was missing\. Creating/,
  /cannot become follower since the new leader -1 is unavailable/,
  /Graceful shutdown of RaftClient failed/,
];

/** Errors in a node's log, but for those about peers that are gone. */
export function errorsOf({ logFile, plan }: NodeProcess): readonly string[] {
  return readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => ERROR.test(line) && !EXPECTED.some((about) => about.test(line)))
    .map((line) => `${plan.id}: ${line}`);
}
