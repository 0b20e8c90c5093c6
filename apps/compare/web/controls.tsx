import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type LiveCommand, type LiveMode, type LiveState, type LiveTarget, MODES } from '../src/live/protocol.ts';
import { ask } from './store.ts';
import { MODE_NAMES, nameOf } from './words.ts';

type Action = 'kill' | 'pause' | 'cut' | 'restore' | 'heal';

const ACTIONS: readonly {
  readonly action: Action;
  readonly key: string;
  readonly label: string;
  readonly hint: string;
}[] = [
  { action: 'kill', key: 'k', label: 'Kill', hint: 'ends it at once, as SIGKILL does' },
  { action: 'pause', key: 'p', label: 'Pause', hint: 'freezes it, as SIGSTOP does; its sockets stay open' },
  { action: 'cut', key: 'c', label: 'Cut off', hint: 'no other node of its cluster can reach it; clients still can' },
  { action: 'restore', key: 'r', label: 'Bring back', hint: 'starts or resumes it' },
  { action: 'heal', key: 'h', label: 'Heal all', hint: 'undoes every cut; every node runs again' },
];

/** What is done, to whom, and in which of the clusters. */
export function Controls({
  target,
  onTarget,
  state,
  topic,
  partitions,
}: {
  readonly target: LiveTarget;
  readonly onTarget: (target: LiveTarget) => void;
  readonly state: LiveState | null;
  readonly topic: string;
  readonly partitions: number;
}): VNode {
  const [where, setWhere] = useState<'both' | LiveMode>('both');
  const [outcome, setOutcome] = useState('Choose whom; a click on a node chooses it, too.');
  const targets = targetsOf(state, topic, partitions);
  const run = (action: Action): void => {
    const modes = where === 'both' ? MODES : [where];
    const command: LiveCommand = action === 'heal' ? { action, modes } : { action, modes, target };
    setOutcome(`${action}…`);
    ask(command).then(
      (answer) => {
        const words = modes.map((mode) => {
          const told = answer[mode];
          if (told === undefined) return `${MODE_NAMES[mode]}: no answer`;
          if ('refused' in told) return `${MODE_NAMES[mode]}: ${told.refused}`;
          return `${MODE_NAMES[mode]}: ${told.node === null ? 'all healed' : `${action} ${told.node}`}`;
        });
        setOutcome(words.join('; '));
      },
      (error: unknown) => setOutcome(error instanceof Error ? error.message : String(error)),
    );
  };
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      // There, letters choose.
      if (event.target instanceof HTMLSelectElement) return;
      const found = ACTIONS.find(({ key }) => key === event.key);
      if (found !== undefined) run(found.action);
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  });
  return (
    <section class="controls" aria-label="Break it, and mend it">
      <label>
        Whom
        <select
          value={JSON.stringify(target)}
          onChange={(event) => onTarget(JSON.parse(event.currentTarget.value) as LiveTarget)}
        >
          {targets.map(({ value, label }) => (
            <option key={label} value={JSON.stringify(value)}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Where
        <select value={where} onChange={(event) => setWhere(event.currentTarget.value as 'both' | LiveMode)}>
          <option value="both">in both</option>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {MODE_NAMES[mode]} only
            </option>
          ))}
        </select>
      </label>
      <div class="buttons">
        {ACTIONS.map(({ action, key, label, hint }) => (
          <button
            key={action}
            type="button"
            class={action}
            title={`${hint} (key ${key})`}
            aria-keyshortcuts={key}
            onClick={() => run(action)}
          >
            {label} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      <output>{outcome}</output>
    </section>
  );
}

function targetsOf(
  state: LiveState | null,
  topic: string,
  partitions: number,
): readonly { readonly value: LiveTarget; readonly label: string }[] {
  const nodes = state?.clusters.kraft.nodes ?? [];
  const [servers, controllers] = MODES.map((mode) => {
    const voters = state?.clusters[mode].nodes.filter(({ role }) => role !== 'broker') ?? [];
    return voters.map(nameOf);
  });
  const voters = Math.max(servers?.length ?? 0, controllers?.length ?? 0);
  return [
    { value: { kind: 'controller' }, label: 'the active controller' },
    { value: { kind: 'quorum-leader' }, label: 'the leader of ensemble or quorum' },
    ...Array.from({ length: partitions }, (_, partition) => ({
      value: { kind: 'partition-leader' as const, partition },
      label: `the leader of ${topic}-${partition}`,
    })),
    ...nodes
      .filter(({ role }) => role === 'broker')
      .map(({ id }) => ({ value: { kind: 'broker' as const, id }, label: `broker ${id}` })),
    ...Array.from({ length: voters }, (_, index) => ({
      value: { kind: 'voter' as const, index },
      label: [servers?.[index], controllers?.[index]].filter((name) => name !== undefined).join(' or '),
    })),
  ];
}
