/** The text of an IP address of 4 or 16 bytes; undefined for any other length. */
export function formatAddress(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return Array.from({ length: 8 }, (_, group) => view.getUint16(group * 2).toString(16)).join(':');
}

/** The bytes of an IP address; those of the loopback address for what is none, such as a name. */
export function parseAddress(text: string): Uint8Array {
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(text);
  if (four !== null) return Uint8Array.from(four.slice(1), Number);
  if (/^[0-9a-f:]+(%\w+)?$/i.test(text) && text.includes(':')) return parseSix(text.replace(/%.*/, ''));
  return Uint8Array.of(127, 0, 0, 1);
}

function parseSix(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [index, group] of [...left, ...zeros, ...right].slice(0, 8).entries()) {
    view.setUint16(index * 2, Number.parseInt(group, 16));
  }
  return bytes;
}
