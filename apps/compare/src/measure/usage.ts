import { readFileSync } from 'node:fs';

/** What processes have used, added up. */
export interface Usage {
  /** Processor time, their own and the system's for them. */
  readonly processorMs: number;
  /** Memory that is in RAM. */
  readonly residentMiB: number;
}

/** Linux counts for programs in hundredths of a second, whatever it counts in by itself. */
const MS_PER_TICK = 10;
const KIB_PER_MIB = 1024;

/** What each process has used so far, by its id; none where `/proc` is missing. Processes that have gone are left out. */
export function usageOf(pids: readonly number[]): ReadonlyMap<number, Usage> | undefined {
  if (process.platform !== 'linux') return undefined;
  const used = new Map<number, Usage>();
  for (const pid of pids) {
    try {
      used.set(pid, { processorMs: processorMsOf(pid), residentMiB: residentMiBOf(pid) });
    } catch {
      // It ended meanwhile.
    }
  }
  return used;
}

function processorMsOf(pid: number): number {
  // Behind the name, which may hold anything: state, then numbers; the 12th and 13th are ticks of user and system.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function residentMiBOf(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kibibytes ?? 0) / KIB_PER_MIB;
}
