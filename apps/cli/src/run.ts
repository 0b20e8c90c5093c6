import { typeableExample } from './called-as.ts';
import { type Command, type CommandEntry, CommandFault, type ExitCode, type Terminal, UsageError } from './command.ts';
import { flagUsage } from './flags.ts';

/** What the command line is made of. */
export interface Program {
  readonly version: string;
  readonly commands: readonly CommandEntry[];
  /** What is typed to call it; `biquorum` by default. */
  readonly tool?: string;
}

const NAME = 'biquorum';

/** Runs `biquorum` with these arguments and says how it ended. Never throws for what the caller, or a node's properties and surroundings, got wrong. */
export async function run(program: Program, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = args;
  const { tool = NAME } = program;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    for (const line of await help(program)) terminal.print(line);
    return first === undefined ? 2 : 0;
  }
  if (first === '--version' || first === '-V') {
    terminal.print(program.version);
    return 0;
  }
  const entry = program.commands.find(({ name }) => name === first);
  if (entry === undefined) {
    terminal.complain(
      `biquorum has no command "${first}". There are: ${program.commands.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest[0] === '-h') {
    for (const line of helpOf(command, tool)) terminal.print(line);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError || (await isExpected(error)))) throw error;
    terminal.complain(`biquorum ${command.name}: ${(error as Error).message}`);
    if (!(error instanceof UsageError)) return 1;
    terminal.complain(
      command.flags === undefined
        ? `Usage: ${tool} ${command.name} ${command.synopsis}`
        : `${tool} ${command.name} --help shows how it is called.`,
    );
    return 2;
  }
}

/** Whether an error's message says all. What a node's faults look like is loaded for the first error only. */
async function isExpected(error: unknown): Promise<boolean> {
  if (error instanceof CommandFault) return true;
  const { isExpectedFault } = await import('./expected-fault.ts');
  return isExpectedFault(error);
}

async function help({ version, commands, tool = NAME }: Program): Promise<string[]> {
  const loaded = await Promise.all(commands.map(({ load }) => load()));
  return [
    `biquorum ${version}: a Kafka-compatible cluster with pluggable consensus`,
    '',
    `Usage: ${tool} <command>`,
    '',
    ...loaded.flatMap(({ name, summary }) => [`  ${name}`, `      ${summary}`]),
    '  --help',
    "      this text; after a command: the command's own, with its options and an example",
    '  --version',
    '      the version',
  ];
}

function helpOf({ name, synopsis, summary, flags = [], examples = [] }: Command, tool: string): string[] {
  return [
    `${tool} ${name} ${synopsis}`,
    summary,
    ...(flags.length === 0 ? [] : ['', 'Options:']),
    ...flags.flatMap((flag) => [`  ${flagUsage(flag)}`, `      ${flag.summary}`]),
    ...(examples.length === 0 ? [] : ['', examples.length === 1 ? 'Example:' : 'Examples:']),
    ...examples.map((example) => `  ${typeableExample(example, tool)}`),
  ];
}
