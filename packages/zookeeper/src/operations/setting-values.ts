import { BARE_PROPERTIES, CONFIG_KEYS, PROPERTIES, type Setting } from './settings-table.ts';

/** A setting is not what it must be; the message names it, its value and the remedy. */
export class SettingsError extends Error {
  override readonly name: string = 'SettingsError';
}

const PREFIX = 'zookeeper.';

/**
 * Values of settings, by the table: what Java's parser knows comes from `zoo.cfg`, properties from there or from the
 * command line, and properties without a prefix from the command line alone.
 */
export class SettingValues {
  readonly #values: Map<string, string> = new Map();
  readonly #remarks: string[] = [];

  /** @throws SettingsError for a value that is refused, or not of its type */
  constructor(config: ReadonlyMap<string, string>, properties: ReadonlyMap<string, string>) {
    for (const [key, value] of properties) {
      const isBare = !key.startsWith(PREFIX);
      const name = isBare ? key : key.slice(PREFIX.length);
      this.#take(find(isBare ? BARE_PROPERTIES : PROPERTIES, name), key, name, value.trim());
    }
    // As in Java, what the file says of a property replaces what the command line said.
    for (const [key, value] of config) {
      const setting = find(CONFIG_KEYS, key) ?? find(PROPERTIES, key);
      this.#take(setting, key, key, value.trim());
    }
  }

  isSet(name: string): boolean {
    return this.#values.has(name);
  }

  /** Empty when it is not set and has no default. */
  text(name: string): string {
    return this.#values.get(name) ?? entry(name).defaultValue ?? '';
  }

  boolean(name: string): boolean {
    return this.text(name).toLowerCase() === 'true';
  }

  double(name: string): number {
    return Number(this.text(name));
  }

  /** @throws SettingsError outside the bounds */
  whole(name: string, least: number = Number.MIN_SAFE_INTEGER, most: number = Number.MAX_SAFE_INTEGER): number {
    const value = Number(this.text(name));
    if (value < least || value > most) {
      const bound = value < least ? `at least ${least}` : `at most ${most}`;
      throw new SettingsError(`${name} is ${value}; it must be ${bound}`);
    }
    return value;
  }

  /** What follows the dot of such names, with the values. */
  *entriesOf(prefix: string): Iterable<readonly [name: string, value: string]> {
    for (const [name, value] of this.#values) if (name.startsWith(prefix)) yield [name.slice(prefix.length), value];
  }

  remarks(): readonly string[] {
    return this.#remarks;
  }

  #take(setting: Setting | undefined, key: string, name: string, value: string): void {
    if (setting === undefined) {
      // Java makes a property of it that nobody reads.
      this.#remarks.push(`${key} is not known and changes nothing${hint(key)}`);
      return;
    }
    checkType(setting, key, value);
    const isDefault = value.toLowerCase() === (setting.defaultValue ?? '').toLowerCase();
    if (setting.support === 'refused' && !isDefault)
      throw new SettingsError(`${key}=${value} cannot be: ${setting.because}; leave it out`);
    if (setting.support === 'accepted' && !isDefault) this.#remarks.push(`${key} changes nothing: ${setting.because}`);
    this.#values.set(name, value);
  }
}

function find(table: readonly Setting[], name: string): Setting | undefined {
  return (
    table.find((one) => one.name === name) ??
    table.find((one) => (one.name.endsWith('.') || one.name === 'watcherClean') && name.startsWith(one.name))
  );
}

function entry(name: string): Setting {
  const setting = find(CONFIG_KEYS, name) ?? find(PROPERTIES, name) ?? find(BARE_PROPERTIES, name);
  if (setting === undefined) throw new Error(`${name} is not in the table of settings`);
  return setting;
}

function checkType({ type, name }: Setting, key: string, value: string): void {
  if ((type === 'int' || type === 'long') && !isWhole(type, value))
    throw new SettingsError(`${key}=${value} is no whole number; write one`);
  if (type === 'double' && !/^-?(\d+(\.\d*)?|\.\d+)([eE]-?\d+)?$/.test(value))
    throw new SettingsError(`${key}=${value} is no number; write one`);
  // Of its own keys Java takes nothing else; of properties everything but true is false.
  if (type === 'boolean' && CONFIG_KEYS.some((one) => one.name === name) && !/^(true|false)$/i.test(value))
    throw new SettingsError(`${key}=${value} is neither true nor false; write one of them`);
  if (name === 'electionAlg' && value !== '3')
    throw new SettingsError(`electionAlg=${value} is gone from ZooKeeper; there is only 3`);
  if (name === 'peerType' && !/^(participant|observer)$/i.test(value))
    throw new SettingsError(`peerType=${value} is no type; write participant or observer`);
}

const INT_MAX = 0x7fff_ffff;

function isWhole(type: 'int' | 'long', value: string): boolean {
  if (!/^[+-]?\d{1,16}$/.test(value)) return false;
  return type === 'long' || Math.abs(Number(value)) <= INT_MAX;
}

/** The file takes names without their prefix, and no properties that have none. */
function hint(key: string): string {
  if (key.startsWith(PREFIX) && find(PROPERTIES, key.slice(PREFIX.length)) !== undefined)
    return `; in zoo.cfg write ${key.slice(PREFIX.length)}`;
  return find(BARE_PROPERTIES, key) === undefined ? '' : `; give it on the command line as -D${key}=…`;
}
