import { NodeStartError } from '@biquorum/cluster';
import { Live, type LiveMode, type LiveOptions, MODES } from '@biquorum/compare/live';
import { stderrTelemetry } from '@biquorum/platform/node';
import { explainBusyPort } from './busy-port.ts';
import type { ExitCode, Output } from './command.ts';
import { untilAsked } from './until-asked.ts';

/** What both clusters are started with, and how it is told. */
export interface BothRun extends Omit<LiveOptions, 'telemetry' | 'interrupted' | 'lines'> {
  /** One line for programs, instead of text. */
  readonly json: boolean;
  /** What is typed to call `biquorum`, as whoever started this would type it. */
  readonly tool: string;
  /** Says now and then how many records go in and out, on a line of its own each time. */
  readonly tellsRates: boolean;
}

const RATE_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 20;
const NAMES: Readonly<Record<LiveMode, string>> = { zookeeper: 'ZooKeeper mode', kraft: 'KRaft mode' };
/** What the records say. */
const LINES: readonly string[] = [
  'A partition has one leader at a time, and an epoch that says which.',
  'What all in-sync replicas have is committed; the high watermark stands behind it.',
  'In ZooKeeper mode the controller is the broker that created /controller.',
  'In KRaft mode the controller is the leader of the metadata quorum.',
  'A controller that was paused comes back as a zombie, and epochs fence it.',
];

/** Runs both clusters, their load and the page until the process is asked to stop. */
export async function runBoth({ json, tool, tellsRates, ...options }: BothRun, output: Output): Promise<ExitCode> {
  // A signal that comes before everything runs must find somebody who clears up.
  const asked = untilAsked();
  const live = await startUnless(asked, {
    ...options,
    telemetry: stderrTelemetry({ level: 'error' }),
    lines: LINES,
  });
  if (live === undefined) return 0;
  const startMs = Math.round(performance.now());
  try {
    if (json) output.print(readyLine(live));
    else for (const line of greeting(live, startMs, tool)) output.print(line);
    const stopped = Promise.race([asked, live.load().then(() => asked)]);
    const rates = tellsRates ? setInterval(rateTeller(live, output), RATE_EVERY_MS) : undefined;
    const flow = json ? undefined : tellWhenRecordsFlow(live, output);
    try {
      await stopped;
    } finally {
      clearInterval(rates);
      clearInterval(flow);
    }
  } finally {
    await live.stop();
  }
  if (!json) output.print(process.stdout.isTTY ? '\nStopped.' : 'Stopped.');
  return 0;
}

/** Undefined when the process was asked to stop before everything ran. */
async function startUnless(interrupted: Promise<void>, options: LiveOptions): Promise<Live | undefined> {
  try {
    return await Live.start({ ...options, interrupted });
  } catch (error) {
    if (error instanceof NodeStartError && error.code === 'interrupted') return undefined;
    const { ports, pagePort, brokers = 3 } = options;
    throw explainBusyPort(error, [
      { flag: '--zookeeper-port', from: ports?.zookeeper, count: brokers },
      { flag: '--kraft-port', from: ports?.kraft, count: brokers },
      { flag: '--page-port', from: pagePort, count: 1 },
    ]);
  }
}

function readyLine(live: Live): string {
  const clusterOf = (mode: LiveMode): object => {
    const { bootstrap, zookeeperConnect, nodes } = live.clusters[mode];
    return {
      bootstrap,
      ...(zookeeperConnect === undefined ? {} : { zookeeperConnect }),
      nodes: nodes.map(({ role, id, address }) => ({ role, id, address, pid: process.pid })),
    };
  };
  const clusters = Object.fromEntries(MODES.map((mode) => [mode, clusterOf(mode)]));
  return JSON.stringify({ event: 'ready', mode: 'both', millis: live.startMs, page: live.url, clusters });
}

function greeting(live: Live, startMs: number, tool: string): readonly string[] {
  const { zookeeper, kraft } = live.clusters;
  const count = (nodes: readonly { readonly role: string }[], role: string): number =>
    nodes.filter((node) => node.role === role).length;
  const [ofZooKeeper, ofKraft] = [zookeeper, kraft].map(({ bootstrap }) => bootstrap.split(',')[0]);
  const servers = count(zookeeper.nodes, 'zookeeper');
  const controllers = count(kraft.nodes, 'controller');
  return [
    `Two clusters are up in ${startMs} ms, with ${count(kraft.nodes, 'broker')} brokers each.`,
    '',
    `  page             ${live.url}`,
    '                   both at once: who leads, elections message by message; buttons that kill, pause and cut',
    `  ZooKeeper mode   ${zookeeper.bootstrap}`,
    `                   beside an ensemble of ${servers}: ${zookeeper.zookeeperConnect ?? ''}`,
    `  KRaft mode       ${kraft.bootstrap}`,
    `                   under a quorum of ${controllers} controllers`,
    '',
    'Try, in another terminal, with either of them:',
    '',
    `  ${tool} console-consumer --bootstrap-server ${ofZooKeeper} --topic trickle --max-messages 5`,
    `  ${tool} topics --bootstrap-server ${ofKraft} --describe --topic trickle`,
    '',
    'or who governs, in each:',
    '',
    `  ${tool} zk -server ${zookeeper.zookeeperConnect?.split(',')[0] ?? ''} get /controller`,
    `  ${tool} metadata-quorum --bootstrap-server ${ofKraft} describe --status`,
    '',
    'or with kcat:',
    '',
    `  kcat -b ${ofKraft} -L`,
    `  kcat -b ${ofZooKeeper} -t trickle -C -o end`,
    `  echo hello | kcat -b ${ofKraft} -t my-topic -P && kcat -b ${ofKraft} -t my-topic -C -e`,
    '',
    'or with kafkajs:',
    '',
    `  new Kafka({ brokers: ['${ofKraft}'] }).consumer({ groupId: 'mine' })`,
    '',
    'Ctrl-C stops both.',
    '',
  ];
}

/** Tells once that consumers of both have got records. @returns what looks for them */
function tellWhenRecordsFlow(live: Live, output: Output): NodeJS.Timeout {
  const look = setInterval(() => {
    if (MODES.some((mode) => live.total(mode).consumed === 0)) return;
    clearInterval(look);
    output.print('Records flow through both.');
  }, LOOK_EVERY_MS);
  return look;
}

/** Tells of what has gone in and out since it was last called. */
function rateTeller(live: Live, output: Output): () => void {
  let before = { zookeeper: live.total('zookeeper'), kraft: live.total('kraft') };
  let beforeMs = performance.now();
  return () => {
    const now = { zookeeper: live.total('zookeeper'), kraft: live.total('kraft') };
    const seconds = (performance.now() - beforeMs) / 1_000;
    const told = MODES.map((mode) => {
      const produced = Math.round((now[mode].produced - before[mode].produced) / seconds);
      const consumed = Math.round((now[mode].consumed - before[mode].consumed) / seconds);
      return `${NAMES[mode]} ${produced} records/s in, ${consumed} out, ${now[mode].consumed} so far`;
    }).join('; ');
    before = now;
    beforeMs = performance.now();
    if (process.stdout.isTTY) process.stdout.write(`\r${told}   `);
    else output.print(told);
  };
}
