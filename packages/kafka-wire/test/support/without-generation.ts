import { ByteWriter, type Payload } from '@biquorum/std';
import { canCompile } from '../../src/codec/compile.ts';
import { fetchResponse } from '../../src/generated/messages/fetch.ts';
import type { ProtocolError } from '../../src/protocol-error.ts';
import { messageByName } from '../../src/registry.ts';
import { readRecordings } from '../recordings/read-recordings.ts';
import { fromHex, toHex } from './hex.ts';

// Run by itself under a flag that forbids generated code; says as JSON what happened.
const differing: string[] = [];
let checked = 0;
for (const [name, recordings] of readRecordings()) {
  const codec = messageByName.get(name);
  for (const { v, hex } of recordings.filter(({ sample }) => sample === 'random-0')) {
    checked++;
    const value = codec?.fromBytes(fromHex(hex), v);
    if (codec === undefined || toHex(codec.toBytes(value as object, v)) !== hex) differing.push(`${name} v${v}`);
  }
}

const slice: Payload = { byteLength: 5000 };
const writer = new ByteWriter();
fetchResponse.encode(writer, { responses: [{ partitions: [{ records: slice }] }] }, 12);

let failure = '';
try {
  fetchResponse.fromBytes(new Uint8Array(3), 12);
} catch (error) {
  failure = (error as ProtocolError).code;
}
const byReference = writer.segments()[1] === slice;
console.log(JSON.stringify({ canCompile: canCompile(), differing, checked, byReference, failure }));
