import { readFileSync } from 'node:fs';
import { runProgram } from '../java/run-program.ts';

/** Memory of a process that is in RAM, in MiB (`ps` counts in KiB, on Linux and macOS alike). */
export async function residentMiB(pid: number): Promise<number> {
  const { stdout } = await runProgram({ command: 'ps', args: ['-o', 'rss=', '-p', String(pid)] });
  const kibibytes = Number(stdout.trim());
  if (!Number.isFinite(kibibytes) || kibibytes <= 0) throw new Error(`ps says ${stdout.trim()} of process ${pid}`);
  return kibibytes / 1024;
}

/** Processor time that a process has used so far, its own and the system's for it, in ms; undefined but on Linux. */
export function processorMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // Behind the name, which may hold anything: state, then numbers; the 12th and 13th are ticks of user and system.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Linux counts for programs in hundredths of a second, whatever it counts in by itself. */
const MS_PER_TICK = 10;
