import type { Connection, Ports } from '@biquorum/platform';
import { encodeFrame, FrameSplitter } from './frames.ts';
import { Journal, journalFolder } from './journal.ts';

/** Where the server listens. */
export const journalPort = 7000;

const nothing = new Uint8Array(0);

type ServerPorts = Pick<Ports, 'disk' | 'network' | 'timers'>;

/**
 * Keeps a journal per client and acknowledges a record once a crash cannot take it any more.
 *
 * A client says its name in frame 0, is told how far its journal reaches, and sends the records after that. Every
 * acknowledgement is a frame with the highest durable sequence.
 */
export async function startServer(ports: ServerPorts): Promise<void> {
  const { disk, network } = ports;
  await disk.makeDirectory(journalFolder);
  await disk.syncDirectory('/');
  const journals = new Map<string, Promise<OpenJournal>>();
  await network.listen({ host: '0.0.0.0', port: journalPort }, (connection) => serve(ports, journals, connection));
}

interface OpenJournal {
  readonly journal: Journal;
  /** The connection that is told of what has become durable: the last one that named this journal. */
  connection: Connection | undefined;
}

function serve(
  { disk, timers }: ServerPorts,
  journals: Map<string, Promise<OpenJournal>>,
  connection: Connection,
): void {
  const splitter = new FrameSplitter();
  let own: OpenJournal | undefined;
  connection.start({
    data(chunk) {
      const frames = splitter.push(chunk);
      if (frames === undefined) return connection.abort();
      for (const frame of frames) {
        if (frame.sequence === 0) {
          const name = new TextDecoder().decode(frame.payload);
          void openOnce(name).then((opened) => {
            own = opened;
            opened.connection = connection;
            acknowledge(connection, opened.journal.durable);
          });
        } else if (own?.connection === connection && frame.sequence === own.journal.appended + 1) {
          const { journal } = own;
          journal.append(frame);
          timers.soon(() => void journal.flush());
        }
      }
    },
    end: () => connection.end(),
    drained() {},
    closed() {
      if (own?.connection === connection) own.connection = undefined;
    },
  });

  function openOnce(name: string): Promise<OpenJournal> {
    const known = journals.get(name);
    if (known !== undefined) return known;
    const opening = Journal.open(disk, name, (sequence) => void opening.then((opened) => tell(opened, sequence))).then(
      (journal): OpenJournal => ({ journal, connection: undefined }),
    );
    journals.set(name, opening);
    return opening;
  }
}

function tell({ connection }: OpenJournal, sequence: number): void {
  if (connection !== undefined) acknowledge(connection, sequence);
}

function acknowledge(connection: Connection, sequence: number): void {
  connection.write([encodeFrame({ sequence, payload: nothing })]);
}
