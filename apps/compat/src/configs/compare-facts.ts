import type { ConfigFacts } from './config-facts.ts';

/** Every way in which our facts differ from Java's, one sentence each; empty if they agree. */
export function compareConfigFacts(ours: readonly ConfigFacts[], javas: readonly ConfigFacts[]): readonly string[] {
  const found: string[] = [];
  const rest = new Map(javas.map((java) => [keyOf(java), java]));
  for (const our of ours) {
    const java = rest.get(keyOf(our));
    rest.delete(keyOf(our));
    if (java === undefined) found.push(`${keyOf(our)}: Java has none, or we have two`);
    else for (const fact of Object.keys(java)) compareFact(fact as keyof ConfigFacts, our, java, found);
  }
  for (const key of rest.keys()) found.push(`${key}: we have none`);
  return found;
}

/** Every way to change a single fact of a setting, with a name for the change. */
export function* plantInConfigFacts(facts: ConfigFacts): Generator<readonly [change: string, planted: ConfigFacts]> {
  for (const [fact, value] of Object.entries(facts)) {
    yield [`${keyOf(facts)} ${fact}`, { ...facts, [fact]: another(value) }];
  }
}

function compareFact(fact: keyof ConfigFacts, our: ConfigFacts, java: ConfigFacts, found: string[]): void {
  const [mine, theirs] = [JSON.stringify(our[fact]), JSON.stringify(java[fact])];
  if (mine !== theirs) found.push(`${keyOf(our)}: ${fact} is ${mine}, Java's is ${theirs}`);
}

function keyOf({ table, name }: ConfigFacts): string {
  return `${table} ${name}`;
}

function another(value: unknown): unknown {
  if (Array.isArray(value)) return [...value, 'another'];
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value + 1;
    case 'string':
      return `${value}x`;
    default:
      return 'another';
  }
}
