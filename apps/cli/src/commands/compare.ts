import type { ApacheSides, Extent, PresetName, Scenario, Side } from '@biquorum/compare';
import { type Command, CommandFault, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { type Arguments, parseFlags, wholeNumber } from '../flags.ts';
import { outputFile, writeOutputFile } from '../output-file.ts';
import { untilAsked } from '../until-asked.ts';
import { readVersion } from '../version.ts';

const PARTITIONS_MAX = 100_000;
const SEED_MAX = 0x7fff_ffff;

const FLAGS: readonly Flag[] = [
  {
    name: 'preset',
    value: 'kafka|equal',
    summary: 'Kafka’s default timeouts, or equal ones in both modes; equal by default',
  },
  { name: 'runs', value: 'N', summary: 'how often each scenario is run on each side; 3 by default' },
  { name: 'seed', value: 'N', summary: 'decides the order of the runs and who is hit; drawn by default, and reported' },
  { name: 'mode', value: 'kraft|zookeeper', multiple: true, summary: 'only this mode; both by default' },
  { name: 'partitions', value: 'N,…', summary: 'sizes for failover-sizes, up to 100000; 100,1000 by default' },
  {
    name: 'seconds',
    value: 'N',
    summary: 'how long steady load goes on, and a loss that has to be ended; 5 by default',
  },
  { name: 'topics', value: 'N', summary: 'topics of topic-storm and metadata-skew; 50 by default' },
  { name: 'with-apache', summary: 'Apache Kafka’s own two modes beside ours; needs Java and Maven' },
  { name: 'list', summary: 'names of the scenarios, and what they do' },
  { name: 'json', summary: 'print the report as JSON' },
  { name: 'markdown', value: 'FILE', summary: 'write it as Markdown, too' },
  {
    name: 'html',
    value: 'FILE',
    summary: 'write it as one HTML page with charts, too; it loads nothing from elsewhere',
  },
];

/** Runs scenarios in both modes and reports. */
export const compare: Command = {
  name: 'compare',
  synopsis: '[SCENARIO…] [options]',
  summary:
    'run the same scenarios in ZooKeeper mode and in KRaft mode, each alone in processes of its own, and report both side by side; all scenarios take a while',
  flags: FLAGS,
  examples: [
    'biquorum compare start-up controller-kill',
    'biquorum compare controller-kill --preset kafka --runs 5 --html report.html',
    'biquorum compare failover-sizes --partitions 100,10000',
  ],
  async run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const compared = await import('@biquorum/compare');
    if (given.has('list')) return list(given, compared.scenarios, terminal);
    const scenarios = chosen(given.positionals, compared.scenarios);
    const modes = modesOf(given.values('mode'));
    const { json, markdown, html } = files(given);
    const seed = given.whole('seed', 0, SEED_MAX) ?? Math.floor(Math.random() * SEED_MAX);
    const preset = presetOf(given.value('preset'));
    const runs = given.whole('runs', 1, 1_000) ?? 3;
    const extent = extentOf(given);
    const apache = given.has('with-apache') ? await apacheSides(compared.apacheSides, terminal) : undefined;
    const sides: readonly Side[] = [
      ...modes.map((mode) => compared.biquorumSide(mode)),
      ...(apache?.sides ?? []).filter(({ name }) => modes.some((mode) => name === `apache-${mode}`)),
    ];
    const asked = untilAsked();
    const report = await compared.compare({
      scenarios,
      sides,
      preset,
      runs,
      seed,
      extent,
      version: readVersion(),
      ...(apache === undefined ? {} : { java: apache.java }),
      progress: (line) => terminal.progress(line),
      interrupted: asked,
    });
    terminal.progress('');
    if (json) terminal.print(JSON.stringify(report, null, 2));
    else for (const line of compared.terminalReport(report)) terminal.print(line);
    if (markdown !== undefined)
      writeOutputFile('markdown', markdown, `${compared.markdownReport(report)}\n`, '; the report stands above');
    if (html !== undefined) writeOutputFile('html', html, compared.htmlReport(report), '; the report stands above');
    return report.sections.some(({ failures }) => failures.length > 0) ? 1 : 0;
  },
};

async function apacheSides(prepare: () => Promise<ApacheSides>, terminal: Terminal): Promise<ApacheSides> {
  terminal.progress('Maven resolves Apache Kafka 3.9');
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ApacheMissing') throw error;
    const why = error.cause instanceof Error ? ` (${error.cause.message.split('\n')[0]})` : '';
    throw new CommandFault(`${error.message}${why}`);
  }
}

function list(given: Arguments, scenarios: readonly Scenario[], terminal: Terminal): ExitCode {
  if (given.has('json')) {
    terminal.print(JSON.stringify(scenarios.map(({ name, title, summary }) => ({ name, title, summary }))));
    return 0;
  }
  for (const { name, title, summary } of scenarios) {
    terminal.print(`${name}: ${title}`);
    terminal.print(`    ${summary}`);
  }
  return 0;
}

function chosen(names: readonly string[], scenarios: readonly Scenario[]): readonly Scenario[] {
  const unknown = names.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no scenario ${unknown}; there are ${scenarios.map(({ name }) => name).join(', ')}.`);
  }
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
}

function modesOf(given: readonly string[]): readonly ('kraft' | 'zookeeper')[] {
  const modes = (['zookeeper', 'kraft'] as const).filter((mode) => given.length === 0 || given.includes(mode));
  const unknown = given.find((mode) => mode !== 'kraft' && mode !== 'zookeeper');
  if (unknown !== undefined) throw new UsageError(`--mode ${unknown} is no mode; there are kraft and zookeeper.`);
  return modes;
}

function presetOf(given: string | undefined): PresetName {
  if (given === undefined) return 'equal';
  if (given !== 'kafka' && given !== 'equal') {
    throw new UsageError(`--preset ${given} is no preset; there are kafka and equal.`);
  }
  return given;
}

function extentOf(given: Arguments): Extent {
  const ms = (given.whole('seconds', 1, 3_600) ?? 5) * 1_000;
  return {
    sizes: (given.value('partitions') ?? '100,1000')
      .split(',')
      .map((text) => wholeNumber('--partitions', text, 1, PARTITIONS_MAX)),
    steadyMs: ms,
    lossMs: ms,
    topics: given.whole('topics', 1, 10_000) ?? 50,
  };
}

function files(given: Arguments): { readonly json: boolean; readonly markdown?: string; readonly html?: string } {
  const path = (name: string): string | undefined => {
    const value = given.value(name);
    return value === undefined ? undefined : outputFile(name, value);
  };
  const [markdown, html] = [path('markdown'), path('html')];
  return {
    json: given.has('json'),
    ...(markdown === undefined ? {} : { markdown }),
    ...(html === undefined ? {} : { html }),
  };
}
