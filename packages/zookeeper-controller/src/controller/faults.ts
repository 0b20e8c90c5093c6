import { type ErrorName, errorByName } from '@biquorum/kafka-wire';

/** Another broker is controller by now: `/controller_epoch` has another version than this one's. Source: Java `ControllerMovedException`. */
export class ControllerMoved extends Error {
  override readonly name: string = 'ControllerMoved';

  constructor(epoch: number) {
    super(`this node was the controller of epoch ${epoch}; another broker has taken over, ask that one`);
  }
}

/** A transition of a partition that could not be made; it concerns this partition alone. Source: Java `StateChangeFailedException`. */
export class StateChangeFailed extends Error {
  override readonly name: string = 'StateChangeFailed';
}

/** Kafka's error and a sentence for whoever asked; null where the error says it all. */
export interface Failure {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** Thrown where a request, or one row of it, is refused. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
  readonly error: ErrorName;

  constructor(error: ErrorName, message: string = errorByName(error).message) {
    super(message);
    this.error = error;
  }
}

export const NO_FAILURE: Failure = { error: 'NONE', message: null };

/** What a thrown thing says to a client; what is no refusal is thrown on. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refused) return { error: thrown.error, message: thrown.message };
  throw thrown;
}
