// Fuzzes every decoder: pnpm --filter @biquorum/kafka-wire fuzz [--inputs N] [--seconds S] [--seed N] [--target text]
// Inputs are per decoder; the seconds, for all of them together, are shared out evenly.
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { allTargets } from './targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string', default: '' },
  },
});
const targets = allTargets().filter(({ title }) => title.includes(values.target));
const seed = Number(values.seed);
const started = performance.now();
let total = 0;
let failed = 0;
targets.forEach((target, index) => {
  const deadline = started + (Number(values.seconds) * 1000 * (index + 1)) / targets.length;
  const { inputs, finding } = fuzz(target, seed, Number(values.inputs), () => performance.now() >= deadline);
  total += inputs;
  if (finding === undefined) return;
  failed++;
  console.error(`${finding.target}: ${finding.hex}\n`, finding.error);
});
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${total} inputs to ${targets.length} decoders in ${seconds} s, seed ${seed}, at most ${megabytes} MiB in use: ${failed} failed`,
);
process.exitCode = failed > 0 ? 1 : 0;
