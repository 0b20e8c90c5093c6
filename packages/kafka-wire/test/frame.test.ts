import { ByteReader, ByteWriter, type Payload } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { EncodeError } from '../src/encode-error.ts';
import { readFrameSize, requestFrame, responseFrame } from '../src/frame.ts';
import { requestHeader } from '../src/generated/headers/headers.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../src/generated/messages/api-versions.ts';
import { controlledShutdownRequest } from '../src/generated/messages/controlled-shutdown.ts';
import { fetchResponse } from '../src/generated/messages/fetch.ts';
import { heartbeatResponse } from '../src/generated/messages/heartbeat.ts';
import { saslHandshakeRequest } from '../src/generated/messages/sasl-handshake.ts';
import { ProtocolError } from '../src/protocol-error.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
} from '../src/request-header.ts';
import { fromHex, toHex } from './support/hex.ts';
import { javaFrame } from './support/java-frames.ts';

describe('a request frame', () => {
  it('is what Java sends, behind its size', () => {
    const software = { clientSoftwareName: 'biq', clientSoftwareVersion: '1.0' };
    expectFrame(
      requestFrame(apiVersionsRequest, 3, { correlationId: 5, clientId: 'cli-1' }, software),
      'request ApiVersions v3',
    );
    // The only request without a client id.
    expectFrame(
      requestFrame(controlledShutdownRequest, 0, { correlationId: 6, clientId: 'cli-1' }, { brokerId: 3 }),
      'request ControlledShutdown v0',
    );
    expectFrame(
      requestFrame(saslHandshakeRequest, 1, { correlationId: 7, clientId: null }, { mechanism: 'PLAIN' }),
      'request SaslHandshake v1',
    );
  });

  it('is not made of a message that belongs to no API', () => {
    expect(() => requestFrame(requestHeader, 1, {}, {})).toThrow(EncodeError);
  });
});

describe('a response frame', () => {
  it('is what Java sends, behind its size', () => {
    expectFrame(responseFrame(apiVersionsResponse, 3, 9, { errorCode: 35 }), 'response ApiVersions v3');
    expectFrame(responseFrame(heartbeatResponse, 4, 9, { errorCode: 27 }), 'response Heartbeat v4');
  });

  it('counts payloads into its size and gives them back by reference', () => {
    const slice: Payload = { byteLength: 1_000_000 };
    const segments = responseFrame(fetchResponse, 12, 1, { responses: [{ partitions: [{ records: slice }] }] });
    expect(segments[1]).toBe(slice);
    const total = segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(readFrameSize(segments[0] as Uint8Array, 0)).toBe(total - 4);
  });

  it('has memory of its own', () => {
    const first = responseFrame(heartbeatResponse, 4, 1, { errorCode: 1 })[0] as Uint8Array;
    const before = toHex(first);
    responseFrame(heartbeatResponse, 4, 0x7fff_ffff, { errorCode: 2 });
    expect(toHex(first)).toBe(before);
  });
});

describe('the size of a frame', () => {
  it('is refused when negative or above the limit', () => {
    expect(readFrameSize(fromHex('00 00000010'), 1)).toBe(16);
    for (const hex of ['ffffffff', '06400001']) {
      expect(() => readFrameSize(fromHex(hex), 0)).toThrow(expect.objectContaining({ code: 'invalid-frame' }));
    }
    expect(readFrameSize(fromHex('06400000'), 0)).toBe(100 * 1024 * 1024);
    expect(() => readFrameSize(fromHex('00000011'), 0, 16)).toThrow(ProtocolError);
  });
});

describe('the header of a request', () => {
  it('is read in the version that API and version call for, and leaves the reader at the body', () => {
    const reader = new ByteReader(javaFrame('request ApiVersions v3'));
    expect(decodeRequestHeader(reader)).toEqual({
      requestApiKey: 18,
      requestApiVersion: 3,
      correlationId: 5,
      clientId: 'cli-1',
    });
    expect(apiVersionsRequest.decode(reader, 3)).toEqual({ clientSoftwareName: 'biq', clientSoftwareVersion: '1.0' });
    expect(reader.remaining).toBe(0);
  });

  it('is read even if the version is newer than all we know, so that it can be answered', () => {
    const header = decodeRequestHeader(new ByteReader(fromHex('0012 0063 00000005 0001 61 00')));
    expect(header).toMatchObject({ requestApiVersion: 99, correlationId: 5, clientId: 'a' });
  });

  it('is refused for an API that nobody knows, and when it is cut off', () => {
    const failure = (hex: string) => () => decodeRequestHeader(new ByteReader(fromHex(hex)));
    expect(failure('7fff 0000 00000005 ffff')).toThrow(expect.objectContaining({ code: 'unknown-api', offset: 0 }));
    expect(failure('0012')).toThrow(expect.objectContaining({ code: 'underflow', path: 'requestApiVersion' }));
    expect(failure('')).toThrow(expect.objectContaining({ code: 'underflow', path: 'requestApiKey' }));
    expect(failure('0012 0003 00000005 0009 61')).toThrow(expect.objectContaining({ path: 'clientId' }));
  });

  it('is written as it is read', () => {
    const writer = new ByteWriter();
    encodeRequestHeader(writer, { requestApiKey: 7, requestApiVersion: 0, correlationId: 6 });
    expect(toHex(writer.finish())).toBe('0007000000000006');
    expect(() => encodeRequestHeader(writer, { requestApiKey: 999 })).toThrow(EncodeError);
  });
});

describe('the header of a response', () => {
  it('is read and written in the version that API and version call for', () => {
    const reader = new ByteReader(javaFrame('response Heartbeat v4'));
    expect(decodeResponseHeader(reader, 12, 4)).toEqual({ correlationId: 9 });
    expect(heartbeatResponse.decode(reader, 4)).toEqual({ throttleTimeMs: 0, errorCode: 27 });
    const writer = new ByteWriter();
    encodeResponseHeader(writer, { correlationId: 9 }, 12, 4);
    encodeResponseHeader(writer, { correlationId: 9 }, 12, 3);
    encodeResponseHeader(writer, { correlationId: 9 }, 18, 4);
    expect(toHex(writer.finish())).toBe('0000000900' + '00000009' + '00000009');
  });
});

function expectFrame(segments: readonly (Uint8Array | Payload)[], title: string): void {
  const frame = javaFrame(title);
  expect(segments).toHaveLength(1);
  expect(toHex(segments[0] as Uint8Array)).toBe(frame.length.toString(16).padStart(8, '0') + toHex(frame));
}
