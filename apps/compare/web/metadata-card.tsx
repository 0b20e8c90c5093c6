import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { HEARTBEAT_RECORD, type LiveRecord, type LiveZnode } from '../src/live/protocol.ts';
import type { Known } from './store.ts';
import { secondsOf } from './words.ts';

/** What has changed is marked for so long. */
const FRESH_MS = 4_000;
const RECORDS_MAX = 150;

/** Where each mode keeps what it knows: a tree of znodes, and a log of records. */
export function MetadataCard({ known }: { readonly known: Known }): VNode {
  const { znodes, znodesMore, records, nowMs } = known;
  return (
    <div class="pair">
      <section class="card zookeeper" aria-label="Znodes">
        <h2>Znodes</h2>
        <ZnodeTree znodes={znodes} nowMs={nowMs} />
        {znodesMore > 0 ? <p class="aside">{znodesMore} znodes more are not shown.</p> : null}
      </section>
      <section class="card kraft" aria-label="Metadata log">
        <RecordLog records={records} nowMs={nowMs} />
      </section>
    </div>
  );
}

function ZnodeTree({ znodes, nowMs }: { readonly znodes: readonly LiveZnode[]; readonly nowMs: number }): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ul class="ledger" tabIndex={0} aria-label="Znodes">
      {controllersFirst(znodes).map(({ path, data, version, ephemeral, changedMs }) => {
        const depth = path === '/' || path.startsWith('/controller') ? 0 : path.split('/').length - 1;
        const isFresh = nowMs - changedMs < FRESH_MS;
        return (
          <li
            key={path}
            class={isFresh ? 'fresh' : ''}
            style={{ paddingLeft: `calc(8px + ${depth}em)` }}
            title={`${path}\n${data}`}
          >
            <b>{path === '/' || path.startsWith('/controller') ? path : path.slice(path.lastIndexOf('/') + 1)}</b>
            {ephemeral ? <i class="badge">ephemeral</i> : null}
            {version > 0 ? <i class="badge">v{version}</i> : null} <code>{data}</code>
          </li>
        );
      })}
    </ul>
  );
}

/** Who is controller stands on top: it is what one looks for. */
function controllersFirst(znodes: readonly LiveZnode[]): readonly LiveZnode[] {
  const isControllers = ({ path }: LiveZnode): boolean => path.startsWith('/controller');
  return [...znodes.filter(isControllers), ...znodes.filter((znode) => !isControllers(znode))];
}

function RecordLog({ records, nowMs }: { readonly records: readonly LiveRecord[]; readonly nowMs: number }): VNode {
  const [withHeartbeats, setWithHeartbeats] = useState(false);
  const rows = rowsOf(records, withHeartbeats).slice(-RECORDS_MAX);
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const last = rows.at(-1)?.record.offset;
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <>
      <div class="heading">
        <h2>Metadata log, as it is committed</h2>
        <label>
          <input type="checkbox" checked={withHeartbeats} onChange={() => setWithHeartbeats(!withHeartbeats)} /> each{' '}
          {HEARTBEAT_RECORD}
        </label>
      </div>
      <ol
        class="ledger"
        ref={list}
        aria-label="Records of the metadata log, the newest last"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 30;
        }}
      >
        {rows.map(({ record: { offset, epoch, type, content, committedMs }, from }) =>
          from === undefined ? (
            <li key={offset} class={nowMs - committedMs < FRESH_MS ? 'fresh' : ''} title={`${type}\n${content}`}>
              <span class="number when">{secondsOf(committedMs, 1)} s</span> <span class="number where">{offset}</span>{' '}
              <i class="badge">epoch {epoch}</i> <b>{type}</b> <code>{content}</code>
            </li>
          ) : (
            <li key={`${from}…`}>
              <span class="number when">{secondsOf(committedMs, 1)} s</span>{' '}
              <span class="number where">{from === offset ? offset : `${from}–${offset}`}</span>{' '}
              <i class="badge">epoch {epoch}</i> <span class="aside">{type}</span>
            </li>
          ),
        )}
      </ol>
    </>
  );
}

/** A record; or the last of several heartbeats in a row, with the offset of the first. */
interface RecordRow {
  readonly record: LiveRecord;
  readonly from?: number;
}

function rowsOf(records: readonly LiveRecord[], withHeartbeats: boolean): readonly RecordRow[] {
  const rows: RecordRow[] = [];
  for (const record of records) {
    const before = rows.at(-1);
    if (withHeartbeats || record.type !== HEARTBEAT_RECORD) rows.push({ record });
    else if (before?.from === undefined || before.record.epoch !== record.epoch)
      rows.push({ record, from: record.offset });
    else rows[rows.length - 1] = { record, from: before.from };
  }
  return rows;
}
