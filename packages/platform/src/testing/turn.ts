/** What environments offer to run something after all promise reactions; none is part of the language. */
interface Environment {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(message: null): void };
  };
}

const environment = globalThis as Environment;

/** Resolves after everything that promises have set going has come to rest. Microseconds of real time. */
export const turn: () => Promise<void> = environment.setImmediate
  ? immediateTurn(environment.setImmediate)
  : channelTurn(environment.MessageChannel);

function immediateTurn(setImmediate: (callback: () => void) => unknown): () => Promise<void> {
  return () => new Promise<void>((resolve) => setImmediate(resolve));
}

function channelTurn(MessageChannel: Environment['MessageChannel']): () => Promise<void> {
  if (MessageChannel === undefined)
    throw new Error('virtual time needs setImmediate or MessageChannel; neither is here');
  const { port1, port2 } = new MessageChannel();
  return () =>
    new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
}
