import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type LiveTarget, MODES } from '../src/live/protocol.ts';
import { Charts } from './charts.tsx';
import { ClusterCard } from './cluster-card.tsx';
import { Controls } from './controls.tsx';
import { Happenings } from './happenings.tsx';
import { MetadataCard } from './metadata-card.tsx';
import { useKnown } from './store.ts';
import { useTheme } from './theme.ts';
import { secondsOf } from './words.ts';

/** The whole page. */
export function App(): VNode {
  const known = useKnown();
  const theme = useTheme();
  const [target, setTarget] = useState<LiveTarget>({ kind: 'controller' });
  const { hello, state, connected, nowMs } = known;
  if (hello === null) {
    return (
      <main>
        <h1>Biquorum</h1>
        <p role="status">{connected ? 'Waiting for the clusters…' : 'Connecting to both clusters…'}</p>
      </main>
    );
  }
  return (
    <main>
      <header>
        <h1>Biquorum: both modes, live</h1>
        <p class="clock">
          <span class="number">{secondsOf(nowMs, 1)} s</span> on one clock
        </p>
        <p class={connected ? 'link up' : 'link down'} role="status">
          {connected ? 'connected' : 'not connected; trying again. Has it been stopped?'}
        </p>
        <button type="button" onClick={theme.flip}>
          {theme.isDark ? 'Light' : 'Dark'}
          <span class="visually-hidden"> colours</span>
        </button>
      </header>
      <Controls target={target} onTarget={setTarget} state={state} topic={hello.topic} partitions={hello.partitions} />
      {state === null ? (
        <p role="status">Looking into the clusters…</p>
      ) : (
        <div class="pair">
          {MODES.map((mode) => (
            <ClusterCard
              key={mode}
              cluster={state.clusters[mode]}
              detectionMs={hello.detectionMs[mode]}
              target={target}
              onTarget={setTarget}
            />
          ))}
        </div>
      )}
      <Charts samples={known.samples} events={known.events} nowMs={nowMs} isDark={theme.isDark} />
      <Happenings events={known.events} state={state} />
      <MetadataCard known={known} />
      <footer>
        Both clusters were ready after {hello.startMs} ms. Each has a load of {hello.partitions} partitions of{' '}
        <code>{hello.topic}</code>, written with <code>acks=all</code> and read, over sockets of its own. All of it runs
        in one process: what takes long for one cluster takes long for the other.
      </footer>
    </main>
  );
}
