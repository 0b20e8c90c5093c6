import type { Brand } from '@biquorum/std';
import { expectTypeOf, it } from 'vitest';

type Offset = Brand<number, 'Offset'>;
type Epoch = Brand<number, 'Epoch'>;

it('keeps apart what is branded differently, and lets each be used as what it is', () => {
  expectTypeOf<Offset>().toExtend<number>();
  expectTypeOf<Offset>().not.toExtend<Epoch>();
  expectTypeOf<number>().not.toExtend<Offset>();
});
