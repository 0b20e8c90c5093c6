import { askBytes } from '../configs/ask.ts';

const API_VERSIONS_KEY = 18;
/** First version with a header, and strings, of the flexible kind. */
const FLEXIBLE = 3;

/** Requests for ApiVersions that our own encoder does not write, as frames with their sizes. */
export const ODD_REQUESTS: readonly (readonly [what: string, frame: Uint8Array])[] = [
  ...[5, 99, 32_767, -1].map((version) => [`version ${version}`, frameOf(version, [])] as const),
  ...[
    ['', ''],
    ['', '1'],
    ['a', ''],
    ['a b', '1'],
    ['-a', '1'],
    ['a-', '1'],
    ['a', '.1'],
    ['a', '1_0'],
    ['größe', '1'],
    ['a\n', '1'],
  ].flatMap(([name = '', release = '']) =>
    [3, 4].map((version) => {
      const body = [...compactString(name), ...compactString(release), 0];
      return [`version ${version} from '${name}' '${release}'`, frameOf(version, body)] as const;
    }),
  ),
  ['version 3 without a body', frameOf(3, [])],
  ['version 3 with null for a name', frameOf(3, [0, ...compactString('1'), 0])],
  ['version 3 with bytes too few', frameOf(3, compactString('name'))],
];

/** What a broker makes of a frame: the bytes of its answer in hexadecimal, or that it closed the connection. */
export async function reactionOf(bootstrap: string, frame: Uint8Array): Promise<string> {
  try {
    return Buffer.from(await askBytes(bootstrap, frame)).toString('hex');
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || message.includes('closed the connection')) return 'closed';
    throw error;
  }
}

function frameOf(version: number, body: readonly number[]): Uint8Array {
  const header = Buffer.alloc(10);
  header.writeInt16BE(API_VERSIONS_KEY, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(7, 4);
  // No client id.
  header.writeInt16BE(-1, 8);
  const content = Buffer.concat([header, Buffer.from(version >= FLEXIBLE ? [0, ...body] : body)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(content.length);
  return Buffer.concat([size, content]);
}

/** Short texts only: the length is one byte. */
function compactString(text: string): readonly number[] {
  const bytes = Buffer.from(text);
  return [bytes.length + 1, ...bytes];
}
