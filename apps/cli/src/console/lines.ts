const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A longer line is no line: it would fill the memory. */
const LINE_BYTES_MAX = 64 << 20;

/** Lines of a stream, without their ends; the last one may lack its end. @throws RangeError for one that is too long */
export async function* lines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      yield joined(pieces, bytes.subarray(from, end));
      pieces = [];
      size = 0;
      from = end + 1;
    }
    // The stream may use its memory again.
    pieces.push(bytes.slice(from));
    size += bytes.length - from;
    if (size > LINE_BYTES_MAX) throw new RangeError(`a line is longer than ${LINE_BYTES_MAX} bytes`);
  }
  const last = joined(pieces, new Uint8Array(0));
  if (last.length > 0) yield last;
}

function joined(pieces: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  const line = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, last.length));
  let at = 0;
  for (const piece of [...pieces, last]) {
    line.set(piece, at);
    at += piece.length;
  }
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
