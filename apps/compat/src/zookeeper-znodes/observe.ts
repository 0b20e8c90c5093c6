import type { Substitutions } from '../mixed-cluster/transcript.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import type { HistoricWrite } from '../zookeeper-cluster/history.ts';
import type { Observer, WatchEvent, Znode } from '../zookeeper-cluster/observer.ts';
import type { Phase } from './phases.ts';

/** What an observer saw while something happened. */
export interface Seen {
  readonly phase: Phase;
  readonly events: readonly WatchEvent[];
  /** Transactions from after the first up to the last. */
  readonly zxids: readonly [first: number, last: number];
  readonly tree: readonly Znode[];
  /** Why it broke off, if it did. */
  readonly fault: unknown;
}

/** Plays phases one after the other; after one that breaks off, none. */
export async function observe(
  phases: readonly Phase[],
  cluster: ZooKeeperCluster,
  observer: Observer,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await observer.watch('/');
  for (const phase of phases) {
    let fault: unknown;
    await phase.prepare?.(cluster, observer);
    const first = await observer.zxid();
    const { length } = await observer.events();
    try {
      await phase.play(cluster, observer);
    } catch (error) {
      fault = error;
    }
    const last = await observer.zxid();
    const tree = phase.tree === true ? await observer.tree('/') : [];
    seen.push({ phase, events: await observer.events(length), zxids: [first, last], tree, fault });
    if (fault !== undefined) break;
  }
  return seen;
}

/** What was seen, as text: events, writes, and znodes if they were looked at. */
export function describeSeen(
  { phase, events, zxids: [first, last], tree }: Seen,
  history: readonly HistoricWrite[],
  chroot: string,
  substitutions: Substitutions,
): readonly string[] {
  const inOrder = (items: readonly (readonly [path: string, text: string])[]): readonly string[] =>
    (phase.ordered === true ? items : items.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))).map(
      ([, text]) => text,
    );
  const all: Substitutions =
    phase.drawn === true ? [...substitutions, [/"brokerid":\d+/g, '"brokerid":<n>']] : substitutions;
  const told = inOrder(events.map(([kind, path]) => [path, `${kind} ${path}`]));
  const writes = inOrder(
    history
      .filter(({ zxid, kind }) => zxid > first && zxid <= last && kind !== 'check' && kind !== 'refused')
      .flatMap((write) => describeWrite(write, chroot)),
  );
  const znodes = tree.map(({ path, data, version, ephemeral }) =>
    [path, `version ${version}`, ...(ephemeral ? ['ephemeral'] : []), data ?? ''].join(' ').trim(),
  );
  return [
    ['what the watches told', ...told],
    ['what was written', ...writes],
    ...(znodes.length === 0 ? [] : [['what is there', ...znodes]]),
  ].map((lines) => lines.map((line) => readable(line, all)).join('\n'));
}

function describeWrite(
  { kind, path = '', data, version, ephemeral, paths = [] }: HistoricWrite,
  chroot: string,
): readonly (readonly [path: string, text: string])[] {
  const within = (full: string): string => (full.startsWith(chroot) ? full.slice(chroot.length) : `outside: ${full}`);
  if (kind === 'close')
    return paths.toSorted().map((gone) => [within(gone), `the end of its session deletes ${within(gone)}`]);
  const words = [
    kind,
    within(path),
    ...(ephemeral === true ? ['ephemeral'] : []),
    ...(version === undefined ? [] : [`version ${version}`]),
    data ?? '',
  ];
  return [[within(path), words.join(' ').trim()]];
}

function readable(line: string, substitutions: Substitutions): string {
  let text = line;
  for (const [found, instead] of substitutions) text = text.replaceAll(found, instead);
  return text;
}
