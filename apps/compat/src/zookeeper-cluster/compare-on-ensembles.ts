import type { Ensemble } from '../ensemble.ts';
import type { SuiteContext } from '../suite.ts';
import { compareWithApache, type Play } from '../tools-script/compare-with-apache.ts';
import { onEnsembles } from './ensemble.ts';

/**
 * Compares what is said of our cluster, on each ensemble that is asked for, with a recording of what is said of Apache's
 * on Apache's server. With `write` that recording is made anew; with `full` it is compared with what is said of Apache's
 * cluster now, on each ensemble.
 *
 * @param name of the file under `recordings`, without its ending
 */
export async function compareOnEnsembles(
  name: string,
  chapterCount: number,
  playOn: (ensemble: Ensemble) => Play,
  context: SuiteContext,
): Promise<void> {
  if (context.write) return compareWithApache(name, chapterCount, playOn('apache'), context);
  await onEnsembles(context, (ensemble, own) => compareWithApache(name, chapterCount, playOn(ensemble), own));
}
