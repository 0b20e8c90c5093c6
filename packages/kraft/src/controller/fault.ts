import { type ErrorName, errorByName } from '@biquorum/kafka-wire';

/** Kafka's error and a sentence for whoever asked; null where the error says it all. */
export interface Failure {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** A request as a whole is refused; it becomes the error of its response. */
export class ControllerFault extends Error {
  override readonly name = 'ControllerFault';
  readonly error: ErrorName;
  /** What the client is told besides of the error; as in Apache's controller, nothing where that says it all. */
  readonly detail: string | null;

  constructor(error: ErrorName, detail: string | null = null) {
    super(detail ?? descriptionOf(error));
    this.error = error;
    this.detail = detail;
  }
}

/** An error with its own description as the message. */
export function failure(error: ErrorName, message: string = descriptionOf(error)): Failure {
  return { error, message };
}

/** Nothing is wrong. */
export const NO_FAILURE: Failure = { error: 'NONE', message: null };

/** What a thrown thing says to a client: a fault itself; everything else is a defect and is thrown on. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof ControllerFault) return { error: thrown.error, message: thrown.detail };
  throw thrown;
}

/** Runs a step of a request whose refusal concerns that step alone. */
export function attempt(step: () => void): Failure {
  try {
    step();
    return NO_FAILURE;
  } catch (thrown) {
    return failureOf(thrown);
  }
}

function descriptionOf(error: ErrorName): string {
  return errorByName(error).message;
}
