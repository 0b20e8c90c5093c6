import { Deployment, type NodeProgram } from '../deployment/deployment.ts';
import { firstRecord } from './first-record.ts';
import type { Side } from './side.ts';

const READY_TIMEOUT_MS = 300_000;
const MEMBERS = 3;

/** What both sides are given: three replicas of everything that does not say otherwise. */
const REPLICATED = { 'default.replication.factor': MEMBERS };

/** Three brokers and three controllers, a process each. Formatting their storage is not measured. */
export function clusterSide(program: NodeProgram): Side {
  return {
    name: program.name,
    async start(directory) {
      const deployment = await Deployment.format(program, {
        directory,
        brokers: MEMBERS,
        controllers: MEMBERS,
        properties: REPLICATED,
      });
      const bootstrap = deployment.brokers.map(({ address }) => address).join(',');
      const startedMs = performance.now();
      const giveUp = new AbortController();
      const recorded = firstRecord(bootstrap, READY_TIMEOUT_MS, giveUp.signal).then(
        () => performance.now() - startedMs,
      );
      recorded.catch(() => {});
      try {
        await deployment.startAll();
        const firstRecordMs = await recorded;
        return {
          name: program.name,
          bootstrap,
          pids: deployment.pids,
          firstRecordMs,
          [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
        };
      } catch (error) {
        giveUp.abort();
        await deployment[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}
