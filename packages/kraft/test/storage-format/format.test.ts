import { uuid } from '@biquorum/kafka-wire';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';
import {
  describeStorage,
  type FormatOptions,
  formatStorage,
  inspectDirectories,
} from '../../src/storage-format/index.ts';

// Lines and refusals are what kafka-storage of Apache 3.9.2 printed for the same calls.
const CLUSTER = 'abcdefghijklmnopqrstuA';
const OPTIONS: FormatOptions = {
  clusterId: CLUSTER,
  nodeId: 1,
  directories: ['/one', '/two'],
  metadataDirectory: '/one',
  quorum: { kind: 'unwritten', dynamic: false },
};
const VOTER = { id: 1, directoryId: uuid('sc6qt_aFRIK88xj98n-UAA'), host: 'localhost', port: 9093 };

function host() {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('node');
  const run = <Result>(work: Promise<Result>): Promise<Result> => world.run(work);
  return {
    ports,
    run,
    format: (options: Partial<FormatOptions> = {}) => run(formatStorage(ports, { ...OPTIONS, ...options })),
  };
}

describe('formatting storage', () => {
  it('is there for good once it is done, even when the power fails', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const machine = world.addHost('node');
    const paths = ['/srv/biquorum/one', '/srv/biquorum/two'];
    await world.run(formatStorage(machine.ports, { ...OPTIONS, directories: paths, metadataDirectory: '/meta' }));
    const before = machine.disk.paths();
    machine.powerOff('lost');
    expect(machine.disk.paths()).toEqual(before);
    const { disk } = machine.start();
    const findings = await world.run(inspectDirectories(disk, [...paths, '/meta']));
    expect(findings.map(({ kind }) => kind)).toEqual(['formatted', 'formatted', 'formatted']);
  });

  it('gives every directory an id of its own and the bootstrap records', async () => {
    const { ports, run, format } = host();
    expect(await format()).toEqual([
      'Formatting metadata directory /one with metadata.version 3.9-IV0.',
      'Formatting data directory /two with metadata.version 3.9-IV0.',
    ]);
    const findings = await run(inspectDirectories(ports.disk, ['/one', '/two']));
    const metas = findings.map((finding) => (finding.kind === 'formatted' ? finding.meta : undefined));
    expect(metas.map((meta) => meta?.clusterId)).toEqual([CLUSTER, CLUSTER]);
    expect(metas.map((meta) => meta?.nodeId)).toEqual([1, 1]);
    expect(metas[0]?.directoryId).not.toBe(metas[1]?.directoryId);
    expect((await run(ports.disk.stat('/two/bootstrap.checkpoint')))?.kind).toBe('file');
  });

  it('refuses what is formatted, unless told to leave it alone', async () => {
    const { format } = host();
    await format();
    await expect(format()).rejects.toThrow(
      'Log directory /one is already formatted. Use --ignore-formatted to ignore this directory and format the others.',
    );
    expect(await format({ ignoreFormatted: true })).toEqual(['All of the log directories are already formatted.']);
    expect(await format({ ignoreFormatted: true, directories: ['/one', '/two', '/three'] })).toEqual([
      'Formatting data directory /three with metadata.version 3.9-IV0.',
    ]);
  });

  it('never gives a directory to another cluster', async () => {
    const { format } = host();
    await format();
    const other = format({ ignoreFormatted: true, clusterId: 'abcdefghijklmnopqrstuQ' });
    await expect(other).rejects.toThrow(
      'Invalid cluster.id in: /one/meta.properties. Expected abcdefghijklmnopqrstuQ, but read abcdefghijklmnopqrstuA',
    );
  });

  it('writes the first voters of a dynamic quorum, and gives a voter the directory id that they name', async () => {
    const { ports, run, format } = host();
    expect(await format({ quorum: { kind: 'voters', voters: [VOTER], listener: 'CONTROLLER' } })).toEqual([
      'Formatting dynamic metadata voter directory /one with metadata.version 3.9-IV0.',
      'Formatting data directory /two with metadata.version 3.9-IV0.',
    ]);
    const [finding] = await run(inspectDirectories(ports.disk, ['/one']));
    expect(finding?.kind === 'formatted' && finding.meta.directoryId).toBe(VOTER.directoryId);
    const checkpoint = '/one/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint';
    expect((await run(ports.disk.stat(checkpoint)))?.size).toBe(241);
  });

  it('takes releases by version, by name and as a feature level', async () => {
    expect((await host().format({ release: '3.5' }))[0]).toContain('metadata.version 3.5-IV2');
    expect((await host().format({ release: '3.5-IV2' }))[0]).toContain('metadata.version 3.5-IV2');
    expect((await host().format({ features: [{ name: 'metadata.version', level: 17 }] }))[0]).toContain('3.7-IV2');
  });

  it.each([
    [{ release: '9.9' }, 'Version 9.9 is not a valid version'],
    [{ release: '2.8' }, 'metadata.version 2.8-IV1 is too old to be supported.'],
    [
      { release: '3.9', features: [{ name: 'metadata.version', level: 17 }] },
      'Use --release-version instead of --feature metadata.version=X to avoid ambiguity.',
    ],
    [
      { features: [{ name: 'foo.version', level: 1 }] },
      'Unsupported feature: foo.version. Supported features are: kraft.version, transaction.version',
    ],
    [{ features: [{ name: 'kraft.version', level: 1 }] }, 'Cannot set kraft.version to 1 unless'],
  ])('refuses %j in the words of Apache', async (options, message) => {
    await expect(host().format(options)).rejects.toThrow(message);
  });
});

describe('describing storage', () => {
  it('names what is formatted and for whom', async () => {
    const { ports, run, format } = host();
    await format({ quorum: { kind: 'voters', voters: [VOTER], listener: 'CONTROLLER' } });
    const info = await run(describeStorage(ports.disk, ['/one', '/two']));
    expect(info).toMatchObject({
      sound: true,
      problems: [],
      findings: [
        { path: '/one', kind: 'formatted' },
        { path: '/two', kind: 'formatted' },
      ],
      lines: [
        'Found log directories:',
        '  /one',
        '  /two',
        '',
        `Found metadata: {cluster.id=${CLUSTER}, directory.id=sc6qt_aFRIK88xj98n-UAA, node.id=1, version=1}`,
        '',
      ],
    });
  });

  it('tells missing from unformatted directories', async () => {
    const { ports, run } = host();
    await run(ports.disk.makeDirectory('/empty'));
    expect(await run(describeStorage(ports.disk, ['/missing']))).toEqual({
      sound: false,
      findings: [{ path: '/missing', kind: 'missing' }],
      problems: ['/missing does not exist'],
      lines: ['Found problem:', '  /missing does not exist', ''],
    });
    expect(await run(describeStorage(ports.disk, ['/empty']))).toMatchObject({
      sound: false,
      findings: [{ path: '/empty', kind: 'empty' }],
      lines: ['Found log directory:', '  /empty', '', 'Found problem:', '  /empty is not formatted.', ''],
    });
  });
});
