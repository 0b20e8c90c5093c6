import { Prng } from '@biquorum/std';

const WORDS =
  'the order was placed by customer and shipped to warehouse payment accepted user login failed retry timeout reset metadata partition leader offset commit group status active pending'.split(
    ' ',
  );

/** Events in JSON lines, `length` bytes of them; compresses about 2.7 times with the fast codecs. */
export function events(length: number): Buffer {
  const random = new Prng(42);
  let text = '';
  for (let time = 1_700_000_000_000; text.length < length; time += random.below(50)) {
    const message = Array.from({ length: 4 + random.below(10) }, () => WORDS[random.below(WORDS.length)]).join(' ');
    const level = ['INFO', 'WARN', 'ERROR'][random.below(3)];
    text += `${JSON.stringify({ id: random.below(1e9), time, level, user: `user-${random.below(5000)}`, message })}\n`;
  }
  return Buffer.from(text.slice(0, length));
}
