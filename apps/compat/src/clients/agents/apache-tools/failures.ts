import { AgentError } from '../../agent-protocol.ts';
import type { ToolOutcome } from '../kcat/tool-run.ts';

/** Java's exceptions for errors that scenarios ask for by name; others keep the exception's. */
const EXCEPTIONS: Readonly<Record<string, readonly [name: string, code: number]>> = {
  UnknownTopicOrPartitionException: ['UNKNOWN_TOPIC_OR_PARTITION', 3],
  RecordTooLargeException: ['MESSAGE_TOO_LARGE', 10],
  InvalidTopicException: ['INVALID_TOPIC_EXCEPTION', 17],
  TopicExistsException: ['TOPIC_ALREADY_EXISTS', 36],
  InvalidPartitionsException: ['INVALID_PARTITIONS', 37],
  InvalidReplicationFactorException: ['INVALID_REPLICATION_FACTOR', 38],
  InvalidConfigurationException: ['INVALID_CONFIG', 40],
};
const EXCEPTION = /org\.apache\.kafka\.common\.errors\.(\w+)/;
/** What the console producer logs, with the exception on the next line. Warnings of what is repeated look otherwise. */
const NOT_SENT = /^ERROR Error when sending message .*\n\S*?(\w+)(?::|$)/m;

/** @throws AgentError with what a tool printed about its failure, if its status says that it failed */
export function failUnlessDone(outcome: ToolOutcome): void {
  if (outcome.status !== 0) fail(outcome);
}

/**
 * Like {@link failUnlessDone} for the console producer, which logs what the broker refuses and leaves with 0.
 *
 * @throws AgentError
 */
export function failUnlessSent(outcome: ToolOutcome): void {
  const exception = NOT_SENT.exec(outcome.stderr)?.[1];
  if (outcome.status !== 0 || exception !== undefined) fail(outcome, exception);
}

function fail({ status, lines, stderr }: ToolOutcome, exception = EXCEPTION.exec(stderr)?.[1] ?? 'TOOL_FAILED'): never {
  const [name, code] = EXCEPTIONS[exception] ?? [exception, null];
  // What tools tell of themselves as they start and end is nobody's failure.
  const said = [...lines, ...stderr.split('\n')].filter((line) => !line.startsWith('INFO '));
  throw new AgentError({ name, code, message: `status ${status}: ${said.join('\n').trim()}` });
}
