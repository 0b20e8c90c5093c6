import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Java } from './java/java.ts';
import { encodeFixture, FIXTURES, fixtureLines } from './oracle/fixtures.ts';
import { Oracle } from './oracle/oracle.ts';

// Writes the recordings that the tests of kafka-wire read. Java alone makes their content.

const oracle = new Oracle(await Java.prepare());
mkdirSync(FIXTURES, { recursive: true });
for (const [name, lines] of await fixtureLines(oracle)) {
  const bytes = encodeFixture(lines);
  writeFileSync(join(FIXTURES, name), bytes);
  console.log(`${name}: ${lines.length - 1} recordings, ${bytes.length} bytes`);
}
