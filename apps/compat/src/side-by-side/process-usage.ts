import { readFileSync } from 'node:fs';
import { runProgram } from '../java/run-program.ts';

/** Memory of processes that is in RAM, in MiB, added up (`ps` counts in KiB, on Linux and macOS alike). */
export async function residentMiB(pids: readonly number[]): Promise<number> {
  const { stdout } = await runProgram({ command: 'ps', args: ['-o', 'rss=', '-p', pids.join(',')] });
  const sizes = stdout.trim().split(/\s+/).map(Number);
  if (sizes.length !== pids.length || !sizes.every((kibibytes) => kibibytes > 0)) {
    throw new Error(`ps says ${stdout.trim()} of processes ${pids.join()}`);
  }
  return sizes.reduce((sum, kibibytes) => sum + kibibytes, 0) / 1024;
}

/** Processor time that processes have used so far, their own and the system's for them, in ms; undefined but on Linux. */
export function processorMs(pids: readonly number[]): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return pids.reduce((sum, pid) => sum + processorMsOf(pid), 0);
}

function processorMsOf(pid: number): number {
  // Behind the name, which may hold anything: state, then numbers; the 12th and 13th are ticks of user and system.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Linux counts for programs in hundredths of a second, whatever it counts in by itself. */
const MS_PER_TICK = 10;
