import type { Model } from './linearizability.ts';

/** What clients do to a key of the simulated store. Values are whole numbers; 0 stands for "never written". */
export type RegisterInput =
  | { readonly kind: 'read'; readonly key: number }
  | { readonly kind: 'write'; readonly key: number; readonly value: number }
  | { readonly kind: 'swap'; readonly key: number; readonly expected: number; readonly value: number };

/** What they see: the value read, or whether the swap was made. A write sees 1. */
export type RegisterOutput = number;

/** A register with read, write and compare-and-swap. */
export const registerModel: Model<number, RegisterInput, RegisterOutput> = {
  initial: 0,
  step(state, input, output) {
    switch (input.kind) {
      case 'read':
        return output === null || output === state ? { state } : null;
      case 'write':
        return { state: input.value };
      case 'swap': {
        const swapped = state === input.expected;
        if (output !== null && (output === 1) !== swapped) return null;
        return { state: swapped ? input.value : state };
      }
    }
  },
  name: String,
};
