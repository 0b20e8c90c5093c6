import type { Command, CommandEntry } from './command.ts';
import { flagUsage } from './flags.ts';
import { zkCommands } from './zk/commands.ts';

/** The page about the command line, made of the commands themselves. */
export async function commandLinePage(entries: readonly CommandEntry[]): Promise<string> {
  const commands = await Promise.all(entries.map(({ load }) => load()));
  const sections = commands.flatMap((command) => ['', ...section(command)]);
  return `${[...HEAD, '', ...table(['command', 'what it does'], commands.map(overview)), ...sections].join('\n')}\n`;
}

const HEAD = `# The command line

What \`biquorum\` can do, made from the commands themselves by \`pnpm --filter @biquorum/cli generate\`. From the sources it is called as \`pnpm biquorum\`.

Where Apache has the tool, flags, output and words are its own (Kafka 3.9.2, ZooKeeper 3.8): \`biquorum topics\` is \`kafka-topics.sh\`, \`biquorum zk\` is \`zkCli.sh\` and \`zookeeper-shell.sh\`. The suite \`cli-tools\` of \`apps/compat\` gives the same calls to both on one cluster and compares what they say. They work on our clusters in both modes and on Apache's.

- **Exit codes**: 0 done; 1 done but not well, or not at all; 2 a call that makes no sense. Apache's tools end with 0 after some failures (a group that does not exist), ours with 1.
- **\`--json\`** gives results as JSON: one document, or one a line where there are many. What is said beside them goes to the standard error.
- **Errors** are one line on the standard error: the thing, Kafka's name of the error, its words, and what to do.
- **Progress** of long work is shown on the standard error: in place where it is a terminal, else a line every five seconds; none with \`--json\`.
- **\`--help\`** behind a command shows its options and an example.`.split('\n');

function overview({ name, summary }: Command): readonly string[] {
  return [`[\`${name}\`](#${name})`, summary];
}

function section(command: Command): readonly string[] {
  const { name, synopsis, summary, flags = [], examples = [] } = command;
  return [
    `## ${name}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    '```text',
    `biquorum ${name} ${synopsis}`,
    '```',
    ...(examples.length === 0
      ? []
      : ['', examples.length === 1 ? 'Example:' : 'Examples:', '', '```sh by-hand', ...examples, '```']),
    ...(flags.length === 0
      ? []
      : [
          '',
          ...table(
            ['option', 'what it does'],
            flags.map((flag) => [`\`${flagUsage(flag)}\``, flag.summary]),
          ),
        ]),
    ...(name === 'zk' ? ['', ...shellCommands()] : []),
  ];
}

function shellCommands(): readonly string[] {
  const rows = zkCommands.map(({ name, synopsis, summary }) => [`\`${`${name} ${synopsis}`.trim()}\``, summary]);
  return [
    'Commands of the shell; where they are typed there are also `history`, `redo N`, `printwatches on|off`, `help` and `quit`:',
    '',
    ...table(['command', 'what it does'], rows),
  ];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)];
}
