import { readFileSync } from 'node:fs';
import { compressionCodecs, lz4Codec } from '@biquorum/compression';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { compressSync, uncompressSync } from 'snappy';
import { describe, expect, test } from 'vitest';
import { samples } from './samples.ts';

const codecs = compressionCodecs();
const HEADER = 16;

describe('snappy, against the add-on over Rust’s snap', () => {
  test('our blocks are read by it', () => {
    for (const { name, bytes } of samples()) {
      const framed = Buffer.from(codecs.snappy.compress(bytes));
      const blocks: Uint8Array[] = [];
      for (let at = HEADER; at < framed.length; at += 4 + framed.readInt32BE(at)) {
        blocks.push(uncompressSync(framed.subarray(at + 4, at + 4 + framed.readInt32BE(at))) as Buffer);
      }
      expect(Buffer.compare(Buffer.concat(blocks), bytes), name).toBe(0);
    }
  });

  test('its blocks are read by us, without framing', () => {
    for (const { name, bytes } of samples()) {
      const raw = compressSync(Buffer.from(bytes));
      expect(Buffer.compare(codecs.snappy.decompress(raw, bytes.length), bytes), name).toBe(0);
    }
  });
});

describe('lz4, against the add-on over Rust’s lz4_flex', () => {
  test('our frames are read by it', () => {
    for (const { name, bytes } of samples()) {
      for (const codec of [codecs.lz4, lz4Codec(12)]) {
        const frame = Buffer.from(codec.compress(bytes));
        expect(Buffer.compare(decompressFrameSync(frame), bytes), name).toBe(0);
      }
    }
  });

  test('its frames are read by us, with and without checksums', () => {
    for (const { name, bytes } of samples()) {
      for (const checksums of [false, true]) {
        const frame = compressFrameSync(Buffer.from(bytes), { contentChecksum: checksums, blockChecksums: checksums });
        expect(Buffer.compare(codecs.lz4.decompress(frame, bytes.length), bytes), name).toBe(0);
      }
    }
  });
});

describe('lz4, against the command of its author', () => {
  const { frames } = JSON.parse(readFileSync(new URL('fixtures/lz4-frames.json', import.meta.url), 'utf8')) as {
    frames: { command: string; hex: string }[];
  };
  const text = Array.from({ length: 4000 }, (_, index) => `line ${index % 97} of a log that repeats itself\n`).join('');

  test.each(frames)('reads a frame of `$command`', ({ hex }) => {
    const output = codecs.lz4.decompress(Buffer.from(hex, 'hex'), text.length);
    expect(Buffer.from(output).toString()).toBe(text);
  });

  test('every changed bit of a frame with checksums is noticed', () => {
    const checked = frames.find(({ command }) => command.includes('-BX --content-size'));
    const bytes = Buffer.from(checked?.hex ?? '', 'hex');
    let noticed = 0;
    // The last four bytes are the checksum of the content, the four before them the end of the blocks.
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 0x10;
      expect(() => codecs.lz4.decompress(changed, 1 << 20), `byte ${at}`).toThrow('lz4');
      noticed++;
    }
    expect(noticed).toBeGreaterThan(700);
  });
});
