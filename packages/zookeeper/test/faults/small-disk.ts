import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';

/** A file system of its own, in memory, that holds only so much. Mounting one takes rights that not every machine gives. */
export class SmallDisk implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @returns Undefined where this process may not mount anything. */
  static mount(path: string, kib: number): SmallDisk | undefined {
    mkdirSync(path, { recursive: true });
    return run('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'biquorum-test', path]) ? new SmallDisk(path) : undefined;
  }

  grow(kib: number): void {
    if (!run('mount', ['-o', `remount,size=${kib}k`, this.path])) throw new Error(`${this.path} cannot grow`);
  }

  [Symbol.dispose](): void {
    if (run('umount', ['-l', this.path])) rmdirSync(this.path);
  }
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
