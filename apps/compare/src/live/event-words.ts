import type { Fields, FieldValue, LogLevel } from '@biquorum/platform';
import type { Journal } from './journal.ts';
import type { EventListener } from './live-telemetry.ts';
import type { LiveEventKind, LiveMode, LiveRole } from './protocol.ts';

/** Servers of the cluster's own ensemble are numbered from here on; among themselves, from 1. */
const FIRST_SERVER = 201;
/** And controllers from here on. */
const FIRST_CONTROLLER = 101;

/** Events that the page shows, by their names in the telemetry of both modes. */
const KINDS: ReadonlyMap<string, LiveEventKind> = new Map([
  ['quorum role changed', 'role'],
  ['the role changed', 'role'],
  ['controller became active', 'controller'],
  ['controller resigned', 'controller'],
  ['elected as controller', 'controller'],
  ['controller has taken office', 'controller'],
  ['controller has resigned', 'controller'],
  ['another broker is controller by now', 'controller'],
  ['brokers changed', 'controller'],
  ['broker is gone: it refuses connections', 'controller'],
  ['leaders elected', 'controller'],
  ['heartbeat refused', 'controller'],
  ['the session with ZooKeeper is over; a new one begins', 'controller'],
  ['log cut to agree with leader', 'controller'],
]);

/** Puts what the nodes of one cluster tell into the journal. */
export function journalOf(journal: Journal, mode: LiveMode): EventListener {
  return (level, event, fields) => {
    const { node: bound, ...facts } = fields;
    const node = typeof bound === 'number' ? bound : null;
    const role = roleOf(node);
    // Servers of an ensemble know each other by other numbers than the cluster knows them by.
    const known = (id: FieldValue): number => (role === 'zookeeper' ? FIRST_SERVER - 1 + Number(id) : Number(id));
    const said = (rest: Fields): string => textOf(rest, role === 'zookeeper' ? ['vote'] : []);
    if (event === 'message sent' && node !== null) {
      const { to, type, ...rest } = facts;
      journal.tell({ mode, kind: 'message', node, to: known(to), title: titleOf(type), detail: said(rest) });
    } else if (event === 'message received' && node !== null) {
      const { from, type, ...rest } = facts;
      tellArrival(journal, mode, known(from), node, titleOf(type), said(rest));
    } else if (event === 'metadata committed') {
      tellRecords(journal, facts);
    } else {
      const kind = KINDS.get(event) ?? (isTrouble(level) ? 'trouble' : undefined);
      // Brokers follow the quorum, too, and say so: it is the voters who matter.
      if (kind === undefined || (kind === 'role' && role === 'broker')) return;
      const title = event === 'quorum role changed' || event === 'the role changed' ? `now ${facts['role']}` : event;
      const { role: _, ...rest } = kind === 'role' ? roleFacts(facts, known) : { role: undefined, ...facts };
      journal.tell({ mode, kind, node, title, detail: textOf(rest, []) });
    }
  };
}

/** As a cluster numbers its nodes. */
function roleOf(node: number | null): LiveRole | undefined {
  if (node === null) return undefined;
  if (node >= FIRST_SERVER) return 'zookeeper';
  return node >= FIRST_CONTROLLER ? 'controller' : 'broker';
}

/** Brokers tell nothing of what they answer a controller: what it hears says both. */
function tellArrival(journal: Journal, mode: LiveMode, from: number, to: number, title: string, detail: string): void {
  if (title.endsWith(RESPONSE)) {
    journal.arrived(mode, to, from, `${title.slice(0, -RESPONSE.length)}Request`, detail);
    journal.tell({ mode, kind: 'message', node: from, to, title, detail });
  }
  journal.arrived(mode, from, to, title, detail);
}

const RESPONSE = 'Response';

function isTrouble(level: LogLevel): boolean {
  return level === 'warn' || level === 'error';
}

function roleFacts(facts: Fields, known: (id: FieldValue) => number): Fields {
  const { leader, ...rest } = facts;
  return { ...rest, leader: typeof leader === 'number' && leader >= 0 ? known(leader) : 'none' };
}

function tellRecords(journal: Journal, { baseOffset, epoch, records }: Fields): void {
  if (!Array.isArray(records)) return;
  for (const [index, record] of (records as readonly Fields[]).entries()) {
    journal.committed({
      offset: Number(baseOffset) + index,
      epoch: Number(epoch),
      type: String(record['type']),
      content: String(record['content']),
    });
  }
}

/** `beginQuorumReply` as `BeginQuorumReply`, `LeaderAndIsrRequest` as it is. */
function titleOf(type: FieldValue): string {
  const text = String(type);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `name value`, one after the other; those of `servers` are numbers within the ensemble. */
function textOf(fields: Fields, servers: readonly string[]): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => {
      const shown = servers.includes(name) && Number(value) > 0 ? FIRST_SERVER - 1 + Number(value) : value;
      return `${name} ${wordOf(shown)}`;
    })
    .join(', ');
}

function wordOf(value: FieldValue): string {
  if (value instanceof Error) return value.message;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(wordOf).join(' ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
