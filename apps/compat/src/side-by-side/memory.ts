import { runProgram } from '../java/run-program.ts';

/** Memory of a process that is in RAM, in MiB (`ps` counts in KiB, on Linux and macOS alike). */
export async function residentMiB(pid: number): Promise<number> {
  const { stdout } = await runProgram({ command: 'ps', args: ['-o', 'rss=', '-p', String(pid)] });
  const kibibytes = Number(stdout.trim());
  if (!Number.isFinite(kibibytes) || kibibytes <= 0) throw new Error(`ps says ${stdout.trim()} of process ${pid}`);
  return kibibytes / 1024;
}
