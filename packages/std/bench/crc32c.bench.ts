import { suite } from '@biquorum/bench';
import { crc32c, Prng } from '@biquorum/std';

const BYTE_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  return crc >>> 0;
});

/** The textbook loop: one lookup per byte, each waiting for the one before. */
function byteTable(bytes: Uint8Array): number {
  let crc = -1;
  for (let index = 0; index < bytes.length; index++) {
    crc = (crc >>> 8) ^ (BYTE_TABLE[(crc ^ (bytes[index] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

for (const size of [100, 1_024, 16_384, 1_048_576]) {
  const bytes = new Prng(size).fill(new Uint8Array(size));
  await suite({
    title: `CRC-32C of ${size} bytes`,
    baseline: 'byte table',
    bytesPerOp: size,
    cases: {
      'byte table': () => byteTable(bytes),
      crc32c: () => crc32c(bytes),
    },
  });
}
