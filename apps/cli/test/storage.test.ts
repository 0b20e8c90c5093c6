import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from './call.ts';

const CLUSTER = 'abcdefghijklmnopqrstuA';
const ID = /^[\w-]{22}$/;
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-storage-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Properties of a controller that is also a broker. @returns the file, and its two directories */
function node(name: string): { readonly file: string; readonly first: string; readonly second: string } {
  const [first, second] = [join(scratch, name, 'a'), join(scratch, name, 'b')];
  const file = join(scratch, `${name}.properties`);
  const lines = [
    'process.roles=broker,controller',
    'node.id=7',
    'controller.quorum.bootstrap.servers=127.0.0.1:9093',
    'listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${first},${second}`,
  ];
  writeFileSync(file, lines.join('\n'));
  return { file, first, second };
}

describe('biquorum storage', () => {
  it('tells as JSON what it finds before directories are formatted, what it formats, and what it finds then', async () => {
    const { file, first, second } = node('formatted');
    const json = async (...args: readonly string[]): Promise<{ code: number; told: unknown }> => {
      const { code, out } = await call('storage', ...args, '-c', file, '--json');
      return { code, told: JSON.parse(out) };
    };
    mkdirSync(second, { recursive: true });
    expect(await json('info')).toEqual({
      code: 1,
      told: {
        sound: false,
        directories: [
          { path: first, state: 'missing' },
          { path: second, state: 'empty' },
        ],
        problems: [`${first} does not exist`, `${second} is not formatted.`],
      },
    });
    const formatted = await json('format', '-t', CLUSTER, '-s', '-r', '3.8');
    const made = { directoryId: expect.stringMatching(ID), metadataVersion: '3.8-IV0' };
    expect(formatted).toEqual({
      code: 0,
      told: {
        clusterId: CLUSTER,
        nodeId: 7,
        formatted: [
          { path: first, kind: 'dynamic metadata voter directory', ...made },
          { path: second, kind: 'data directory', ...made },
        ],
      },
    });
    const ids = (formatted.told as { formatted: readonly { directoryId: string }[] }).formatted.map(
      ({ directoryId }) => directoryId,
    );
    const whose = { state: 'formatted', version: 1, clusterId: CLUSTER, nodeId: 7 };
    expect(await json('info')).toEqual({
      code: 0,
      told: {
        sound: true,
        directories: [
          { path: first, ...whose, directoryId: ids[0] },
          { path: second, ...whose, directoryId: ids[1] },
        ],
        problems: [],
      },
    });
    expect(await json('format', '-t', CLUSTER, '-s', '-g')).toEqual({
      code: 0,
      told: { clusterId: CLUSTER, nodeId: 7, formatted: [] },
    });
    expect(await call('storage', 'format', '-t', CLUSTER, '-s', '-c', file, '--json')).toEqual({
      code: 1,
      out: '',
      err: `biquorum storage: Log directory ${first} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
    });
  });

  it('makes up an id, as JSON, too', async () => {
    const { code, out } = await call('storage', 'random-uuid', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, { uuid: expect.stringMatching(ID) }]);
  });

  it.each([
    [['info', '-c', scratch], `--config ${scratch}: this is a folder; name a file in it.`],
    [['info', '-c', join(scratch, 'none')], `--config ${join(scratch, 'none')}: there is no such file`],
    [['info'], '--config is missing'],
    [['info', '-c', 'a', '-c', 'b'], '--config is given twice.'],
    [['info', '-x'], 'there is no option -x.'],
    [['format', '-S', 'SCRAM-SHA-256=[name=a,password=b]'], 'speak no SASL'],
    [['version-mapping'], 'version-mapping came with Kafka 4.0; as in 3.9 there is format, info or random-uuid.'],
    [[], 'say what to do: format, info or random-uuid.'],
  ])('refuses %j in words', async (args, message) => {
    expect(await call('storage', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });
});
