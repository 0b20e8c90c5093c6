import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EventFile } from '../src/node/event-file.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-compare-events-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const path = join(scratch, 'broker-1.events');
const told = (): readonly string[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).event);

describe('the file of a node that is measured', () => {
  it('has what matters at once, and commits only from the moment that somebody wants them', () => {
    const events = EventFile.at(path);
    const child = events.child({ broker: 1 });
    events.log('info', 'elected');
    child.log('debug', 'message sent');
    child.log('debug', 'metadata committed');
    expect(told()).toEqual(['elected']);
    events.wantCommits();
    child.log('debug', 'metadata committed', () => ({ records: [] }));
    child.log('debug', 'message sent');
    expect(told()).toEqual(['elected', 'metadata committed']);
  });

  it('says that nobody wants each message, so that nobody makes the effort', () => {
    expect(EventFile.at(path).enabled('debug')).toBe(false);
  });
});
