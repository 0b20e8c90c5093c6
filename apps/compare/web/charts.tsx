import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import { type LiveEvent, type LiveMode, type LiveRates, type LiveSample, MODES } from '../src/live/protocol.ts';
import { MODE_NAMES } from './words.ts';

/** One chart: the same figure of both clusters. */
interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly of: (rates: LiveRates) => number | null;
  /** A second line of each, drawn thinner. */
  readonly also?: { readonly label: string; readonly of: (rates: LiveRates) => number | null };
}

const FIGURES: readonly Figure[] = [
  { title: 'Throughput: records a second, acknowledged by all in sync', unit: '/s', of: ({ produced }) => produced },
  {
    title: 'Latency until all in sync have it: median, and p99 thinner',
    unit: 'ms',
    of: ({ latencyP50Ms }) => latencyP50Ms,
    also: { label: 'p99', of: ({ latencyP99Ms }) => latencyP99Ms },
  },
  {
    title: 'Unavailability: longest time without acknowledgement',
    unit: 'ms',
    of: ({ silentMs }) => silentMs,
  },
];

const WINDOWS_S: readonly number[] = [30, 60, 300];
const HEIGHT = 160;

/** Throughput, latency and unavailability of both clusters, on one axis of time. */
export function Charts({
  samples,
  events,
  nowMs,
  isDark,
}: {
  readonly samples: readonly LiveSample[];
  readonly events: readonly LiveEvent[];
  readonly nowMs: number;
  readonly isDark: boolean;
}): VNode {
  const [windowS, setWindowS] = useState(60);
  const faults = events.filter(({ kind }) => kind === 'fault');
  const rates = samples.at(-1)?.rates;
  return (
    <section class="card" aria-label="Charts">
      <div class="heading">
        <h2>What clients see</h2>
        <label>
          the last{' '}
          <select value={windowS} onChange={(event) => setWindowS(Number(event.currentTarget.value))}>
            {WINDOWS_S.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds} s
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="charts">
        {FIGURES.map((figure) => (
          <figure key={figure.title}>
            <figcaption>
              <span class="title">{figure.title}</span>
              {rates === undefined
                ? null
                : MODES.map((mode) => (
                    <span key={mode} class={`legend ${mode}`}>
                      {MODE_NAMES[mode]}{' '}
                      <b class="number">
                        {shown(figure.of(rates[mode]))}
                        {figure.also === undefined ? '' : ` / ${shown(figure.also.of(rates[mode]))}`} {figure.unit}
                      </b>
                    </span>
                  ))}
            </figcaption>
            <Chart figure={figure} samples={samples} faults={faults} nowMs={nowMs} windowS={windowS} isDark={isDark} />
          </figure>
        ))}
      </div>
      <p class="aside">A vertical line is a fault, or its end, in the colour of its cluster.</p>
    </section>
  );
}

function shown(value: number | null): string {
  if (value === null) return '–';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function Chart({
  figure,
  samples,
  faults,
  nowMs,
  windowS,
  isDark,
}: {
  readonly figure: Figure;
  readonly samples: readonly LiveSample[];
  readonly faults: readonly LiveEvent[];
  readonly nowMs: number;
  readonly windowS: number;
  readonly isDark: boolean;
}): VNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const marks = useRef<readonly LiveEvent[]>(faults);
  marks.current = faults;
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new UPlot(
      optionsOf(figure, element, () => marks.current),
      [[0], ...seriesOf(figure).map(() => [null])],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [figure, isDark]);
  useEffect(() => {
    const fromMs = nowMs - windowS * 1_000;
    const visible = samples.filter(({ atMs }) => atMs >= fromMs);
    plot.current?.setData(
      [
        visible.map(({ atMs }) => atMs / 1_000),
        ...seriesOf(figure).map(({ mode, of }) => visible.map(({ rates }) => of(rates[mode]))),
      ],
      false,
    );
    const highest = Math.max(
      ...seriesOf(figure).flatMap(({ mode, of }) => visible.map(({ rates }) => of(rates[mode]) ?? 0)),
      1,
    );
    plot.current?.batch(() => {
      plot.current?.setScale('x', { min: Math.max(0, fromMs / 1_000), max: nowMs / 1_000 });
      plot.current?.setScale('y', { min: 0, max: highest * 1.1 });
    });
  }, [figure, samples, nowMs, windowS, isDark]);
  return <div ref={place} class="chart" role="img" aria-label={figure.title} />;
}

function seriesOf(figure: Figure): readonly {
  readonly mode: LiveMode;
  readonly label: string;
  readonly isThin: boolean;
  readonly of: (rates: LiveRates) => number | null;
}[] {
  const { also } = figure;
  return MODES.flatMap((mode) => [
    { mode, label: MODE_NAMES[mode], isThin: false, of: figure.of },
    ...(also === undefined ? [] : [{ mode, label: `${MODE_NAMES[mode]} ${also.label}`, isThin: true, of: also.of }]),
  ]);
}

function optionsOf(figure: Figure, element: HTMLElement, faults: () => readonly LiveEvent[]): UPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis: UPlot.Axis = {
    stroke: color('quiet'),
    grid: { stroke: color('line'), width: 1 },
    ticks: { stroke: color('line'), width: 1 },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, auto: false }, y: { auto: false, range: [0, 1] } },
    series: [
      {},
      ...seriesOf(figure).map(({ mode, label, isThin }) => ({
        label,
        stroke: color(mode),
        width: isThin ? 1 : 2,
        // Two lines that lie on each other are still seen to be two.
        ...(mode === 'kraft' ? { dash: [6, 3] } : {}),
        points: { show: false },
        spanGaps: false,
      })),
    ],
    axes: [
      { ...axis, size: 28, values: (_, splits) => splits.map((value) => `${value} s`) },
      { ...axis, size: 68, values: (_, splits) => splits.map((value) => `${value} ${figure.unit}`) },
    ],
    hooks: {
      draw: [
        (plot) => {
          const { ctx, bbox } = plot;
          ctx.save();
          ctx.beginPath();
          ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
          ctx.clip();
          ctx.lineWidth = devicePixelRatio;
          ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
          for (const { atMs, mode } of faults()) {
            const x = plot.valToPos(atMs / 1_000, 'x', true);
            ctx.strokeStyle = color(mode);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          ctx.restore();
        },
      ],
    },
  };
}
