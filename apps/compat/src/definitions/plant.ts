import type { FieldFacts, MessageFacts, Range } from './facts.ts';

/** A message with one fact changed, and a sentence that says which. */
export interface PlantedMessage {
  readonly change: string;
  readonly message: MessageFacts;
}

/** Every way to change a single fact of a message, its fields and its structs: what a comparison must not miss. */
export function* plantDifferences(message: MessageFacts): Generator<PlantedMessage> {
  const { fields, commonStructs, ...facts } = message;
  for (const [fact, value] of Object.entries(facts)) {
    yield { change: `${message.name}.${fact}`, message: { ...message, [fact]: another(value) } };
  }
  for (const [change, planted] of plantInFields(message.name, fields))
    yield { change, message: { ...message, fields: planted } };
  for (const [index, struct] of commonStructs.entries()) {
    const path = `${message.name}.${struct.name}`;
    const withStruct = (other: typeof struct): MessageFacts => ({
      ...message,
      commonStructs: commonStructs.with(index, other),
    });
    yield {
      change: `${path}.versions`,
      message: withStruct({ ...struct, versions: another(struct.versions) as Range }),
    };
    for (const [change, planted] of plantInFields(path, struct.fields))
      yield { change, message: withStruct({ ...struct, fields: planted }) };
  }
}

function* plantInFields(
  path: string,
  fields: readonly FieldFacts[],
): Generator<[change: string, fields: readonly FieldFacts[]]> {
  for (const [index, field] of fields.entries()) {
    const { fields: inner, ...facts } = field;
    yield [`${path}.${field.name} removed`, fields.toSpliced(index, 1)];
    for (const [fact, value] of Object.entries(facts)) {
      yield [`${path}.${field.name}.${fact}`, fields.with(index, { ...field, [fact]: another(value) })];
    }
    for (const [change, planted] of plantInFields(`${path}.${field.name}`, inner)) {
      yield [change, fields.with(index, { ...field, fields: planted })];
    }
  }
}

/** A value of the same kind that is not the same. */
function another(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? ['another'] : [Number(value[0]) + 1, ...value.slice(1)];
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value + 1;
    case 'string':
      return `${value}x`;
    default:
      return value === null ? '' : 1;
  }
}
