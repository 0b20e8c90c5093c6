const SHORT_UNITS = 1_024;
const utf8 = new TextEncoder();
const scratch: Uint8Array = new Uint8Array(3 * SHORT_UNITS);

/** A path as UTF-8, in memory that the next call uses again. */
export function bytesOfPath(path: string): Uint8Array {
  const { length } = path;
  if (length > SHORT_UNITS) return utf8.encode(path);
  for (let at = 0; at < length; at++) {
    const unit = path.charCodeAt(at);
    if (unit >= 0x80) return scratch.subarray(0, utf8.encodeInto(path, scratch).written);
    scratch[at] = unit;
  }
  return scratch.subarray(0, length);
}
