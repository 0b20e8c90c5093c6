import type { Side } from './side.ts';

/** Apache's sides, and the Java that they run on. */
export interface ApacheSides {
  readonly sides: readonly Side[];
  /** As `java -version` names itself. */
  readonly java: string;
}

/** Why Apache's sides cannot be run here, with the remedy. */
export class ApacheMissing extends Error {
  override readonly name = 'ApacheMissing';
}

/**
 * Apache Kafka's two modes. Jars are resolved by Maven at the first call, which may take minutes.
 *
 * @throws ApacheMissing without Java and Maven, or without the Java programs of this repository
 */
export async function apacheSides(): Promise<ApacheSides> {
  const { Java, runProgram } = await import('@biquorum/compat');
  const { apacheKraftSide } = await import('./apache-kraft.ts');
  const { apacheZooKeeperSide } = await import('./apache-zookeeper.ts');
  try {
    const { stderr, stdout } = await runProgram({ command: 'java', args: ['-version'] });
    const [version = ''] = `${stderr}${stdout}`.split('\n');
    const java = await Java.prepare();
    return { sides: [apacheZooKeeperSide(java), apacheKraftSide(java)], java: version };
  } catch (error) {
    throw new ApacheMissing(
      'Apache’s sides need Java 17 or newer and Maven on the path, and run from a checkout of this repository.',
      { cause: error },
    );
  }
}
