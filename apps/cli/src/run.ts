import { parseArgs } from 'node:util';
import { type Command, type ExitCode, type Output, UsageError } from './command.ts';
import { isExpectedFault } from './expected-fault.ts';

/** What the command line is made of. */
export interface Program {
  readonly version: string;
  readonly commands: readonly Command[];
}

/** Runs `biquorum` with these arguments and says how it ended. Never throws for what the caller, or a node's properties and surroundings, got wrong. */
export async function run(program: Program, args: readonly string[], output: Output): Promise<ExitCode> {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    for (const line of help(program)) output.print(line);
    return first === undefined ? 2 : 0;
  }
  if (first === '--version' || first === '-V') {
    output.print(program.version);
    return 0;
  }
  const command = program.commands.find(({ name }) => name === first);
  if (command === undefined) {
    output.complain(
      `biquorum has no command "${first}". There are: ${program.commands.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    output.print(`biquorum ${command.name} ${command.synopsis}`);
    output.print(command.summary);
    return 0;
  }
  try {
    return await command.run(rest, output);
  } catch (error) {
    if (!(error instanceof UsageError || isExpectedFault(error))) throw error;
    output.complain(`biquorum ${command.name}: ${error.message}`);
    if (!(error instanceof UsageError)) return 1;
    output.complain(`Usage: biquorum ${command.name} ${command.synopsis}`);
    return 2;
  }
}

/**
 * Options of a command by name; every one takes a value.
 *
 * @throws UsageError when an option is unknown or lacks its value.
 */
export function optionsOf<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): { readonly values: Partial<Record<Name, string>>; readonly positionals: readonly string[] } {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Partial<Record<Name, string>>, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function help({ version, commands }: Program): string[] {
  return [
    `biquorum ${version}: a Kafka-compatible cluster with pluggable consensus`,
    '',
    'Usage: biquorum <command>',
    '',
    ...commands.flatMap(({ name, synopsis, summary }) => [`  ${name} ${synopsis}`, `      ${summary}`]),
    '  --help',
    "      this text; after a command: the command's own",
    '  --version',
    '      the version',
  ];
}
