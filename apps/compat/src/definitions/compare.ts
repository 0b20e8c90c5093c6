import type { FieldFacts, MessageFacts, StructFacts } from './facts.ts';

/**
 * Every way in which our facts differ from Java's, one sentence each; empty if they agree. Messages are matched by
 * name, fields by name and place.
 */
export function compareMessages(ours: readonly MessageFacts[], javas: readonly MessageFacts[]): readonly string[] {
  const found: string[] = [];
  matchByName('', ours, javas, found, (path, our, java) => compareMessage(path, our, java, found));
  return found;
}

function compareMessage(path: string, our: MessageFacts, java: MessageFacts, found: string[]): void {
  const { fields: ourFields, commonStructs: ourStructs, ...ourRest } = our;
  const { fields: javaFields, commonStructs: javaStructs, ...javaRest } = java;
  compareFacts(path, ourRest, javaRest, found);
  compareFields(path, ourFields, javaFields, found);
  matchByName(`${path}.`, ourStructs, javaStructs, found, (inner, a, b) => compareStruct(inner, a, b, found));
}

function compareStruct(path: string, our: StructFacts, java: StructFacts, found: string[]): void {
  compareFacts(path, { versions: our.versions }, { versions: java.versions }, found);
  compareFields(path, our.fields, java.fields, found);
}

function compareFields(path: string, ours: readonly FieldFacts[], javas: readonly FieldFacts[], found: string[]): void {
  const order = (fields: readonly FieldFacts[]): string => fields.map((field) => field.name).join(', ');
  if (order(ours) !== order(javas)) found.push(`${path}: fields are [${order(ours)}], Java's are [${order(javas)}]`);
  matchByName(
    `${path}.`,
    ours,
    javas,
    found,
    (inner, { fields: ourFields, ...our }, { fields: javaFields, ...java }) => {
      compareFacts(inner, our, java, found);
      compareFields(inner, ourFields, javaFields, found);
    },
  );
}

function matchByName<T extends { readonly name: string }>(
  prefix: string,
  ours: readonly T[],
  javas: readonly T[],
  found: string[],
  compare: (path: string, our: T, java: T) => void,
): void {
  const rest = new Map(javas.map((java) => [java.name, java]));
  for (const our of ours) {
    const java = rest.get(our.name);
    if (java === undefined) found.push(`${prefix}${our.name}: Java has none, or we have two`);
    else compare(`${prefix}${our.name}`, our, java);
    rest.delete(our.name);
  }
  for (const name of rest.keys()) found.push(`${prefix}${name}: we have none`);
}

function compareFacts(path: string, our: object, java: object, found: string[]): void {
  const javaFacts = new Map<string, unknown>(Object.entries(java));
  for (const [fact, value] of Object.entries(our)) {
    const [mine, theirs] = [show(value), show(javaFacts.get(fact))];
    if (mine !== theirs) found.push(`${path}: ${fact} is ${mine}, Java's is ${theirs}`);
  }
}

function show(value: unknown): string {
  return Object.is(value, -0) ? '-0' : (JSON.stringify(value) ?? 'absent');
}
