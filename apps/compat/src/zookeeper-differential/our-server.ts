import { createNodePorts } from '@biquorum/platform/node';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { MixedEnsemble } from '../zookeeper-ensembles/ensemble.ts';
import { SETTINGS, SYSTEM } from './settings.ts';
import { SUPER_DIGEST } from './steps.ts';

const HOST = '127.0.0.1';
const TICK_MS = 1_000;
/** As {@link ApacheZooKeeper} has it. */
const SESSION_MS_MAX = 60_000;

/** Our server on a port of the loopback interface, with nothing in it, in this process. */
export async function startOurServer(_root: string): Promise<AsyncDisposable & { readonly connect: string }> {
  const ports = createNodePorts();
  const standalone = new StandaloneServer({
    clock: ports.clock,
    tickMs: TICK_MS,
    maxSessionTimeoutMs: SESSION_MS_MAX,
    extendedTypes: true,
    superDigest: SUPER_DIGEST,
  });
  const listener = new ClientListener(standalone.server, { host: HOST, port: 0, connectionsPerHostMax: 0 });
  const port = await listener.open(ports.network);
  return {
    connect: `${HOST}:${port}`,
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      await ports.close();
    },
  };
}

/** An ensemble of three servers of ours, in processes of their own. @param root for what they write */
export async function startOurEnsemble(root: string): Promise<AsyncDisposable & { readonly connect: string }> {
  const ensemble = await MixedEnsemble.prepare({
    root,
    makes: ['ours', 'ours', 'ours'],
    settings: { ...SETTINGS, tickTime: TICK_MS, maxSessionTimeout: SESSION_MS_MAX },
    system: SYSTEM,
  });
  await ensemble.start();
  await ensemble.untilServing();
  return { connect: ensemble.connect(), [Symbol.asyncDispose]: () => ensemble[Symbol.asyncDispose]() };
}
