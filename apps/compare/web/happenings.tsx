import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type LiveCluster, type LiveEvent, type LiveEventKind, type LiveState, MODES } from '../src/live/protocol.ts';
import { MODE_NAMES, secondsOf } from './words.ts';

/** So many rows are drawn; the server keeps more. */
const ROWS_MAX = 250;
/** A message that has not arrived after this time is shown as lost, or held back by a cut. */
const LOST_MS = 1_000;
const LANE = 16;
const HEIGHT = 20;

const FILTERS: readonly { readonly kinds: readonly LiveEventKind[]; readonly label: string }[] = [
  { kinds: ['message'], label: 'messages' },
  { kinds: ['role', 'controller'], label: 'roles and controllers' },
  { kinds: ['znode', 'metadata'], label: 'znodes and records' },
  { kinds: ['trouble'], label: 'warnings' },
];

/** What happens in both clusters, in the order in which it happens: faults, elections message by message, changes. */
export function Happenings({
  events,
  state,
}: {
  readonly events: readonly LiveEvent[];
  readonly state: LiveState | null;
}): VNode {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [since, setSince] = useState<'fault' | 'all'>('all');
  const isHidden = (kind: LiveEventKind): boolean =>
    FILTERS.some(({ kinds, label }) => hidden.has(label) && kinds.includes(kind));
  const from = since === 'fault' ? lastFault(events) : 0;
  const rows = events.filter(({ kind, number }) => number >= from && !isHidden(kind)).slice(-ROWS_MAX);
  const flip = (label: string): void => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    setHidden(next);
  };
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const last = rows.at(-1)?.number;
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <section class="card" aria-label="What happens">
      <div class="heading">
        <h2>What happens, on one clock</h2>
        <fieldset>
          <legend class="visually-hidden">Shown</legend>
          {FILTERS.map(({ label }) => (
            <label key={label}>
              <input type="checkbox" checked={!hidden.has(label)} onChange={() => flip(label)} /> {label}
            </label>
          ))}
          <label>
            <input
              type="checkbox"
              checked={since === 'fault'}
              onChange={() => setSince(since === 'fault' ? 'all' : 'fault')}
            />{' '}
            since the last fault only
          </label>
        </fieldset>
      </div>
      <ol
        class="happenings"
        ref={list}
        aria-label="What happens, the newest last"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 30;
        }}
      >
        <li class="row lanes" aria-hidden="true">
          <span class="time">s</span>
          {MODES.map((mode) => (
            <span key={mode} class={`cell ${mode}`}>
              <Lanes cluster={state?.clusters[mode]} />
              <span class="text">{MODE_NAMES[mode]}</span>
            </span>
          ))}
        </li>
        {rows.map((event) => (
          <Row
            key={event.number}
            event={event}
            cluster={state?.clusters[event.mode]}
            nowMs={state?.atMs ?? event.atMs}
          />
        ))}
      </ol>
      <p class="aside">
        A lane for each node: 1z is server 201 of the ensemble, 1c controller 101, 1 broker 1. An arrow is a message,
        dotted when it has not arrived; a dot is what one node does; a ring is a new role.
      </p>
    </section>
  );
}

/** Number of the first event of the last fault: what was done to both clusters at once is one. */
function lastFault(events: readonly LiveEvent[]): number {
  const faults = events.filter(({ kind, title }) => kind === 'fault' && !MENDED.test(title));
  const last = faults.at(-1);
  return last === undefined ? 0 : (faults.find(({ atMs }) => last.atMs - atMs < TOGETHER_MS)?.number ?? 0);
}

const MENDED = /^(healed|resumed|started)/;
const TOGETHER_MS = 1_000;

function Row({
  event,
  cluster,
  nowMs,
}: {
  readonly event: LiveEvent;
  readonly cluster: LiveCluster | undefined;
  readonly nowMs: number;
}): VNode {
  const { mode, kind, node, to, title, detail, atMs, arrivedMs } = event;
  const isLost = kind === 'message' && arrivedMs === null && nowMs - atMs > LOST_MS;
  return (
    <li class={`row ${kind}`}>
      <span class="time number">{secondsOf(atMs)}</span>
      <span class={`cell ${mode}`}>
        <Lanes cluster={cluster} event={event} isLost={isLost} />
        <span class="text" title={detail}>
          <span class="visually-hidden">{MODE_NAMES[mode]}: </span>
          {node === null ? null : <span class="who">{to === undefined ? node : `${node}→${to}`} </span>}
          <b>{title}</b> {detail}
          {isLost ? <span class="bad"> not arrived</span> : null}
        </span>
      </span>
    </li>
  );
}

/** One lane for each node; an arrow for a message, a dot for what happens to one. */
function Lanes({
  cluster,
  event,
  isLost = false,
}: {
  readonly cluster: LiveCluster | undefined;
  readonly event?: LiveEvent;
  readonly isLost?: boolean;
}): VNode {
  const nodes = cluster?.nodes ?? [];
  const x = (id: number): number => nodes.findIndex((node) => node.id === id) * LANE + LANE / 2;
  const width = Math.max(1, nodes.length) * LANE;
  const middle = HEIGHT / 2;
  return (
    <svg class="diagram" width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {nodes.map(({ id }) =>
        event === undefined ? (
          <text key={id} x={x(id)} y={middle + 3} text-anchor="middle">
            {id > 100 ? `${String(id).slice(-1)}${id > 200 ? 'z' : 'c'}` : id}
          </text>
        ) : (
          <line key={id} class="lane" x1={x(id)} x2={x(id)} y1={0} y2={HEIGHT} />
        ),
      )}
      {event?.node === undefined || event.node === null ? null : event.to === undefined || event.to === event.node ? (
        <circle class="dot" cx={x(event.node)} cy={middle} r={4} />
      ) : (
        <Arrow from={x(event.node)} to={x(event.to)} isLost={isLost} />
      )}
    </svg>
  );
}

function Arrow({ from, to, isLost }: { readonly from: number; readonly to: number; readonly isLost: boolean }): VNode {
  const middle = HEIGHT / 2;
  const back = to > from ? -5 : 5;
  return (
    <g class={isLost ? 'arrow lost' : 'arrow'}>
      <circle cx={from} cy={middle} r={2} />
      <line x1={from} x2={to + back / 2} y1={middle} y2={middle} />
      <path d={`M${to} ${middle} l${back} -3.5 v7 z`} />
    </g>
  );
}
