import { readValue } from '@biquorum/broker';
import type { Java } from '../java/java.ts';
import { type ConfigTableName, OUR_TABLES, READ_LATER } from './config-facts.ts';

const SHOWN = 30;

/** Texts that one type or another takes, and some that none does. */
const TEXTS = [
  ...['', ' ', 'x', 'true', 'TRUE', ' False ', 'yes', 'none', 'a,b', ' a ,  b', ',', 'a,,b', 'disabled', 'DISABLED'],
  ...['0', '1', '-1', '+5', '007', '-0', '2', '10', '100', '1000', ' 42 ', '4 2', '0x10', '1_000', '1L', '--1', '+'],
  ...['32767', '32768', '-32768', '-32769', '2147483647', '2147483648', '-2147483648', '-2147483649'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...[
    '0.5',
    '.5',
    '1.',
    '1e3',
    '1E-5',
    '-2.5',
    '1.0d',
    '3f',
    '12345678.9',
    '1e7',
    '9999999',
    '0.001',
    '0.00099',
    '1e400',
  ],
  ...['3.9', '3.9-IV0', '3.9.2', '3.9-IV9', '5.0', '0.10.2', '0.10', '0.10.2-IV0', '2.8-IV1.1', '4.0-IV1'],
  ...['*', '1:2', '1:2,3:4', '1:2, 3:4', '1:', '1:2:3', '1:2,*', '0:0'],
  ...['1@h:9092', '1@h:9092,2@[::1]:9093', 'h:9092', 'h:9092,g:1', '@h:1', '1@h', '1@:1', 'x@h:1', 'h:', 'h'],
];

interface Question {
  readonly table: ConfigTableName;
  readonly name: string;
  readonly value: string;
}

/** Puts the same texts to every setting here and there: both must take the same, and write them alike. */
export async function checkValues(java: Java): Promise<string> {
  const questions = [...allQuestions()];
  const input = questions.map((question) => `${JSON.stringify(question)}\n`);
  const { stdout } = await java.run('biquorum.oracle.ConfigFacts', ['values'], { input });
  const answers = stdout.split('\n').filter((line) => line !== '');
  if (answers.length !== questions.length)
    throw new Error(`${answers.length} answers to ${questions.length} questions`);
  const differences: string[] = [];
  let taken = 0;
  for (const [index, question] of questions.entries()) {
    const { text }: { readonly text?: string } = JSON.parse(answers[index] ?? '{}');
    if (text !== undefined) taken++;
    const ours = ourAnswer(question);
    if (ours !== text) {
      const { table, name, value } = question;
      differences.push(`${table} ${name}=${JSON.stringify(value)}: ${ours ?? 'refused'}, Java: ${text ?? 'refused'}`);
    }
  }
  if (differences.length > 0) {
    throw new Error([`${differences.length} differences:`, ...differences.slice(0, SHOWN)].join('\n'));
  }
  if (taken === 0 || taken === questions.length) throw new Error(`${taken} of ${questions.length} were taken`);
  return `${questions.length} values, ${taken} of them taken`;
}

function* allQuestions(): Generator<Question> {
  for (const [table, entries] of Object.entries(OUR_TABLES)) {
    for (const entry of entries) {
      // Java looks for classes, we do not.
      if (entry.type === 'class') continue;
      if (entry.format !== undefined && READ_LATER.has(entry.format)) continue;
      const { name, minimum, maximum, words = [], defaultValue } = entry;
      const near = [minimum, maximum].filter((bound) => bound !== undefined);
      const numbers = near.flatMap((bound) => [bound - 1, bound, bound + 1].map(String));
      const values = new Set([
        ...TEXTS,
        ...numbers,
        ...words,
        words.join(','),
        ...(defaultValue === null ? [] : [defaultValue]),
      ]);
      for (const value of values) yield { table: table as ConfigTableName, name, value };
    }
  }
}

function ourAnswer({ table, name, value }: Question): string | undefined {
  const entry = OUR_TABLES[table].find((candidate) => candidate.name === name);
  const reading = entry === undefined ? undefined : readValue(entry, value);
  if (reading?.ok !== true) return undefined;
  return entry?.type === 'password' ? '[hidden]' : reading.text;
}
