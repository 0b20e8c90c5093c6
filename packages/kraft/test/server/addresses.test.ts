import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/server/addresses.ts';

// The bytes are those of Java's InetAddress.getByName(text).getAddress().
describe('addresses of clients in an Envelope', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['10.20.30.255', [10, 20, 30, 255]],
    ['::ffff:192.168.1.2', [192, 168, 1, 2]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['2001:db8::8a2e:370:7334', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0x8a, 0x2e, 3, 0x70, 0x73, 0x34]],
    ['fe80::1%eth0', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])('%s is sent as its bytes', (text, bytes) => {
    expect([...parseAddress(text)]).toEqual(bytes);
  });

  it('takes what is no address for the loopback address', () => {
    expect([...parseAddress('broker-1')]).toEqual([127, 0, 0, 1]);
  });

  it('reads four and sixteen bytes, and nothing else', () => {
    expect(formatAddress(Uint8Array.of(10, 0, 0, 9))).toBe('10.0.0.9');
    expect(formatAddress(parseAddress('2001:db8::1'))).toBe('2001:db8:0:0:0:0:0:1');
    expect(formatAddress(Uint8Array.of(1, 2, 3))).toBeUndefined();
  });
});
