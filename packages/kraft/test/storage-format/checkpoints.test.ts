import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuid } from '@biquorum/kafka-wire';
import { describe, expect, it } from 'vitest';
import { bootstrapCheckpoint, votersCheckpoint } from '../../src/storage-format/checkpoints.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)));

/** A clock that shows these times, one after the other. */
function clock(...times: readonly number[]): () => number {
  const left = [...times];
  return () => left.shift() ?? Number.NaN;
}

const FIRST = { id: 1, directoryId: uuid('sc6qt_aFRIK88xj98n-UAA'), host: 'localhost', port: 9093 };
const SECOND = { id: 2, directoryId: uuid('RoXA7nE1dApJUI3Qfe-3QQ'), host: 'localhost', port: 9095 };

describe('checkpoints that a cluster begins with', () => {
  it('writes bootstrap.checkpoint byte for byte as Apache 3.9.2 does', () => {
    const times = clock(0x1a1fe608498, 0x1a1fe6084b5, 0x1a1fe6084b6);
    const bytes = bootstrapCheckpoint([{ name: 'metadata.version', level: 21 }], times);
    expect(bytes).toEqual(fixture('bootstrap.checkpoint'));
  });

  it('writes the voters of a standalone controller byte for byte as Apache 3.9.2 does', () => {
    const times = clock(0x1a1fe60959f, 0x1a1fe6095a9, 0x1a1fe6095b0);
    expect(votersCheckpoint([FIRST], 'CONTROLLER', times)).toEqual(fixture('standalone.checkpoint'));
  });

  it('writes several voters in the order of their ids', () => {
    const times = clock(0x1a1fe615f4f, 0x1a1fe615f6f, 0x1a1fe615f74);
    expect(votersCheckpoint([SECOND, FIRST], 'CONTROLLER', times)).toEqual(fixture('two-voters.checkpoint'));
  });
});
