import { breaksInvariant, check, elapse, equal, equalBytes, eventually, pattern, text } from './checks.ts';
import { type Claim, claim } from './kit.ts';
import { type Recorder, withPair } from './recorder.ts';

/** What all connections do. */
export const connectionClaims: readonly Claim[] = [
  claim('bytes arrive unchanged and in order, both ways at once', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const [there, back] = [pattern(1_500_000, 1), pattern(1_000_000, 2)];
      let length = 1;
      for (let start = 0; start < there.length; start += length, length = (length * 3) % 70_001) {
        near.connection.write([there.subarray(start, start + length)]);
      }
      for (let start = 0; start < back.length; start += 100_000) {
        far.connection.write([back.subarray(start, start + 1), back.subarray(start + 1, start + 100_000)]);
      }
      await far.untilReceived(there.length);
      await near.untilReceived(back.length);
      equalBytes(far.received(), there, 'there');
      equalBytes(near.received(), back, 'back');
    }),
  ),

  claim('both ends agree on who they are', (subject) =>
    withPair(subject, async ({ near, far, listener }) => {
      equal(near.connection.local, far.connection.remote, 'address of the one who dialled');
      equal(near.connection.remote, far.connection.local, 'address of the one who listened');
      equal(near.connection.remote.port, listener.address.port, 'port of the listener');
    }),
  ),

  claim('what arrives before start waits for it', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start().connection.write([text('early')]);
      near.connection.end();
      await elapse(subject.ports, 20);
      equal(far.events, [], 'events before start');
      far.start();
      equal(far.events, [], 'events from inside start');
      await far.until('end');
      equalBytes(far.received(), text('early'), 'bytes');
    }),
  ),

  claim('a second start is a broken invariant', (subject) =>
    withPair(subject, async ({ near }) => {
      near.start();
      breaksInvariant(() => near.start(), 'second start');
    }),
  ),

  claim('chunks of a write are sent as one stream, however many, and some empty', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const bytes = pattern(20_000);
      const chunks: Uint8Array[] = [];
      for (let start = 0; start < bytes.length; start += 16) {
        chunks.push(bytes.subarray(start, start + 16), new Uint8Array(0));
      }
      near.connection.write(chunks);
      near.connection.write([]);
      near.connection.write([new Uint8Array(0)]);
      await far.untilReceived(bytes.length);
      equalBytes(far.received(), bytes, 'bytes');
    }),
  ),

  claim('done is called for each write, in order, and never from inside write', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const done: string[] = [];
      const write = (name: string, chunks: Uint8Array[]): void => {
        const before = done.length;
        near.connection.write(chunks, (error) => done.push(error === undefined ? name : `${name}: ${error.code}`));
        equal(done.length, before, 'called from inside write');
      };
      write('1 byte', [pattern(1)]);
      write('nothing', []);
      write('1 MB', [pattern(500_000), pattern(500_000)]);
      write('empty', [new Uint8Array(0)]);
      write('2 bytes', [pattern(1), pattern(1)]);
      check(near.connection.queuedBytes > 0, 'nothing is queued while done is outstanding');
      await eventually(subject.ports, () => done.length === 5, 'all of done');
      equal(done, ['1 byte', 'nothing', '1 MB', 'empty', '2 bytes'], 'order');
      equal(near.connection.queuedBytes, 0, 'queued bytes');
    }),
  ),

  claim('a buffer can be reused as soon as done has been called', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const buffer = new Uint8Array(50_000);
      let round = 0;
      const next = (): void => {
        if (round === 40) return;
        buffer.set(pattern(buffer.length, round++));
        near.connection.write([buffer], next);
      };
      next();
      await far.untilReceived(40 * buffer.length);
      const received = far.received();
      for (let index = 0; index < 40; index++) {
        const part = received.subarray(index * buffer.length, (index + 1) * buffer.length);
        equalBytes(part, pattern(buffer.length, index), `round ${index}`);
      }
    }),
  ),

  claim('a writer is told to wait while the reader does not read, and when to go on', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.connection.pause();
      far.start();
      let written = 0;
      const chunk = pattern(200_000);
      // No system takes so much for a reader that does not read.
      while (near.connection.write([chunk])) {
        written += chunk.length;
        check(written < 1_000_000_000, 'a gigabyte was welcome');
        await elapse(subject.ports, 0);
      }
      written += chunk.length;
      // What is written all the same is kept.
      while (written < 20_000_000) {
        near.connection.write([chunk]);
        written += chunk.length;
      }
      await elapse(subject.ports, 20);
      check(near.connection.queuedBytes > 0, 'nothing is queued');
      equal(near.events, [], 'events before the reader reads');
      far.connection.resume();
      await near.until('drained');
      equal(near.connection.queuedBytes, 0, 'queued bytes when drained');
      await far.untilReceived(written);
      equal(far.receivedBytes, written, 'bytes received');
    }),
  ),

  claim('a paused reader gets nothing, and all of it when it resumes', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const bytes = pattern(800_000);
      let calls = 0;
      const received: number[] = [];
      far.onData = (chunk) => {
        for (const byte of chunk) received.push(byte);
        calls++;
        far.connection.pause();
      };
      near.connection.write([bytes]);
      near.connection.end();
      while (received.length < bytes.length) {
        const before = calls;
        await eventually(subject.ports, () => calls > before || received.length === bytes.length, 'the next chunk');
        if (calls % 8 === 1) await elapse(subject.ports, 2);
        check(calls <= before + 1, `${calls - before} chunks between two pauses`);
        equal(far.has('end'), false, 'the end is told while paused');
        far.connection.resume();
      }
      await far.until('end');
      equalBytes(Uint8Array.from(received), bytes, 'bytes');
    }),
  ),

  claim('the end waits for resume', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      far.connection.pause();
      near.connection.end();
      await elapse(subject.ports, 20);
      equal(far.events, [], 'events while paused');
      far.connection.resume();
      await far.until('end');
    }),
  ),

  claim('abort closes a paused connection whose ends have both come', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      far.connection.pause();
      far.connection.end();
      await near.until('end');
      near.connection.end();
      await elapse(subject.ports, 20);
      equal(far.events, [], 'events while paused');
      far.connection.abort();
      await far.until('closed');
    }),
  ),

  claim('each direction ends on its own, and both together close without an error', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      near.connection.write([text('question')]);
      near.connection.end();
      near.connection.end();
      await far.until('end');
      equalBytes(far.received(), text('question'), 'question');
      const answer = pattern(300_000);
      far.connection.write([answer]);
      await near.untilReceived(answer.length);
      equal(near.events, ['data'], 'events at the one who has ended');
      far.connection.end();
      await Promise.all([near.until('closed'), far.until('closed')]);
      equalBytes(near.received(), answer, 'answer');
      equal(near.events.filter(unlessDrained), ['data', 'end', 'closed'], 'events at the one who asked');
      equal(far.events.filter(unlessDrained), ['data', 'end', 'closed'], 'events at the one who answered');
      equal([near.error?.code, far.error?.code], [undefined, undefined], 'errors');
    }),
  ),

  claim('end comes after everything written before', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const bytes = pattern(3_000_000);
      let done = false;
      near.connection.write([bytes], (error) => {
        done = error === undefined;
      });
      near.connection.end();
      await far.until('end');
      equal(far.receivedBytes, bytes.length, 'bytes before the end');
      equal(done, true, 'done');
    }),
  ),

  claim('abort resets: the peer learns it, and every write is answered before closed', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const answers: string[] = [];
      far.connection.pause();
      for (let index = 0; index < 100; index++) {
        near.connection.write([pattern(200_000)], (error) => {
          check(!near.has('closed'), 'done after closed');
          if (error !== undefined) answers.push(error.code);
        });
      }
      near.connection.abort();
      near.connection.abort();
      equal(near.events, [], 'events from inside abort');
      await near.until('closed');
      equal(near.error?.code, 'aborted', 'error here');
      check(answers.length > 0 && answers.every((code) => code === 'aborted'), `answers: ${answers.join(' ')}`);
      equal(near.connection.queuedBytes, 0, 'queued bytes');
      far.connection.resume();
      await far.until('closed');
      equal(far.error?.code, 'reset', 'error there');
      equal(far.has('end'), false, 'an end is told');
    }),
  ),

  claim('abort closes a connection whose own end is on its way', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      near.connection.write([text('last')]);
      await far.untilReceived(4);
      near.connection.end();
      near.connection.abort();
      await near.until('closed');
      equal(near.error?.code, 'aborted', 'error here');
    }),
  ),

  claim('errors name the peer and say what to do', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      near.connection.abort();
      await far.until('closed');
      const { host, port } = far.connection.remote;
      equal([far.error?.host, far.error?.port], [host, port], 'address');
      check(far.error?.message.includes(`:${port}: `) === true, `message: ${far.error?.message}`);
    }),
  ),

  claim('a write after the end is refused, in its turn', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      const answers: string[] = [];
      near.connection.write([text('last')], (error) => answers.push(`first ${error?.code}`));
      near.connection.end();
      const welcome = near.connection.write([text('late')], (error) => answers.push(`second ${error?.code}`));
      equal(welcome, false, 'welcome');
      await eventually(subject.ports, () => answers.length === 2, 'both answers');
      equal(answers, ['first undefined', 'second closed'], 'answers');
      await far.until('end');
      equalBytes(far.received(), text('last'), 'bytes');
    }),
  ),

  claim('a write after the close is answered all the same', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      near.connection.abort();
      await near.until('closed');
      let code: string | undefined;
      near.connection.write([text('late')], (error) => {
        code = error?.code;
      });
      near.connection.end();
      near.connection.pause();
      near.connection.resume();
      near.connection.abort();
      await eventually(subject.ports, () => code !== undefined, 'the answer');
      equal(code, 'aborted', 'answer');
    }),
  ),

  claim('a close before start is told after it', (subject) =>
    withPair(subject, async ({ near, far }) => {
      far.connection.abort();
      near.connection.abort();
      await elapse(subject.ports, 20);
      equal(near.events, [], 'events before start');
      near.start();
      equal(near.events, [], 'events from inside start');
      await near.until('closed');
      equal(near.error?.code, 'aborted', 'error');
    }),
  ),

  claim('writing to a peer that has gone fails in the end', (subject) =>
    withPair(subject, async ({ near, far }) => {
      near.start();
      far.start();
      far.connection.abort();
      await eventually(
        subject.ports,
        () => {
          near.connection.write([text('anybody there?')]);
          return near.has('closed');
        },
        'the loss to be noticed',
      );
      equal(near.error?.code, 'reset', 'error');
    }),
  ),
];

function unlessDrained(event: Recorder['events'][number]): boolean {
  return event !== 'drained';
}
