import { CLIENT_FLAGS, readProperties, withClient } from '../client/with-client.ts';
import { type Command, type ExitCode, type Flag, UsageError } from '../command.ts';
import { alter, type Changes } from '../configs/alter.ts';
import { readAdditions, readDeletions } from '../configs/changes.ts';
import { describe } from '../configs/describe.ts';
import { ENTITY_FLAGS, readEntities } from '../configs/entities.ts';
import { type Arguments, parseFlags } from '../flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'describe', summary: 'show settings' },
  { name: 'alter', summary: 'change settings' },
  { name: 'all', summary: 'with settings that nobody has changed, with --describe' },
  ...ENTITY_FLAGS,
  {
    name: 'add-config',
    value: 'KEY=VALUE,…',
    summary:
      'settings to be made, lists in brackets: key=[a,b]; quotas; credentials as SCRAM-SHA-256=[iterations=8192,password=SECRET]',
  },
  { name: 'add-config-file', value: 'FILE', summary: 'a file of properties with the settings to be made' },
  { name: 'delete-config', value: 'KEY,…', multiple: true, summary: 'settings that shall have their defaults again' },
  { name: 'force', summary: 'accepted as Apache has it: nothing is asked here' },
  { name: 'bootstrap-controller', value: 'HOST:PORT,…', summary: 'controllers of a quorum, in place of brokers' },
  ...CLIENT_FLAGS,
];

/** Shows and changes settings, quotas and credentials, with the flags and words of Apache's `kafka-configs`. */
export const configs: Command = {
  name: 'configs',
  synopsis:
    '--bootstrap-server HOST:PORT,… (--describe | --alter) --entity-type TYPE [--entity-name NAME | --entity-default] [--add-config KEY=VALUE,…] [--delete-config KEY,…] …',
  summary: "show and change settings of topics and brokers, quotas and credentials, as Apache's kafka-configs does",
  flags: FLAGS,
  examples: [
    'biquorum configs --bootstrap-server 127.0.0.1:9092 --alter --topic orders --add-config retention.ms=3600000,cleanup.policy=[compact,delete]',
    'biquorum configs --bootstrap-server 127.0.0.1:9092 --describe --broker 1 --all',
  ],
  async run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const action = given.oneOf(['describe', 'alter']);
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option.`);
    const entities = readEntities(given);
    const json = given.has('json');
    if (action === 'describe') {
      for (const flag of ['add-config', 'add-config-file', 'delete-config']) {
        if (given.has(flag)) throw new UsageError(`--${flag} goes with --alter.`);
      }
      const how = { all: given.has('all'), json };
      await withClient(given, (client) => describe(client, entities, how, terminal));
      return 0;
    }
    if (entities.some(({ name }) => name === undefined)) {
      throw new UsageError('name what shall be changed: --entity-name NAME, or --entity-default.');
    }
    const changes = await readChanges(given);
    await withClient(given, (client) => alter(client, entities, changes));
    const [{ type, name } = { type: 'topics', name: '' }] = entities;
    if (json) terminal.print(JSON.stringify({ altered: entities }));
    else if (name === '') terminal.print(`Completed updating default config for ${type} in the cluster.`);
    else terminal.print(`Completed updating config for ${type.slice(0, -1)} ${name}.`);
    return 0;
  },
};

async function readChanges(given: Arguments): Promise<Changes> {
  const file = given.value('add-config-file');
  const text = given.value('add-config');
  if (file !== undefined && text !== undefined)
    throw new UsageError('give --add-config or --add-config-file, not both.');
  const additions = file === undefined ? readAdditions(text ?? '') : await readProperties(file);
  const deletions = readDeletions(given.values('delete-config'));
  if (additions.size + deletions.length === 0) {
    throw new UsageError('say what to change: --add-config KEY=VALUE or --delete-config KEY.');
  }
  const both = deletions.find((key) => additions.has(key));
  if (both !== undefined) throw new UsageError(`${both} cannot be set and deleted at once.`);
  return { additions, deletions };
}
