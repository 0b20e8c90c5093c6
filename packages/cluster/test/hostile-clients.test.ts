import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrokerProcess, type Memory } from './support/broker-process.ts';
import { idempotentProducer } from './support/clients.ts';

const KIB = 1024;
/** As many at once stay below the backlog: those over it the system lets try again after a second only. */
const AT_ONCE = 100;
/** Nobody who behaves waits longer, on a busy machine. */
const PATIENCE_MS = 20_000;

let broker: BrokerProcess;
let producer: Producer;
let sockets: Socket[] = [];

beforeEach(async () => {
  broker = await BrokerProcess.start({ 'socket.listen.backlog.size': '1024' });
  const kafka = new Kafka({ brokers: [`${broker.host}:${broker.port}`], logLevel: logLevel.NOTHING });
  producer = idempotentProducer(kafka);
  await producer.connect();
  await well();
}, 60_000);

afterEach(async () => {
  await leave();
  await producer.disconnect();
  await broker[Symbol.asyncDispose]();
}, 60_000);

/** A client that behaves is served as ever. */
async function well(value: Buffer = Buffer.from('well')): Promise<void> {
  const startMs = performance.now();
  const [answer] = await producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
  expect(answer?.errorCode).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(PATIENCE_MS);
}

/** So many connections, which all begin with these bytes. */
async function come(count: number, bytes: () => Uint8Array | undefined): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => connect(broker.port, broker.host));
    for (const socket of batch) socket.on('error', () => {});
    sockets.push(...batch);
    await Promise.all(batch.map((socket) => once(socket, 'connect')));
    for (const socket of batch) {
      const first = bytes();
      if (first !== undefined) socket.write(first);
    }
  }
}

async function leave(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await untilClosed();
}

async function untilClosed(): Promise<void> {
  const open = sockets.filter((socket) => !socket.closed);
  sockets = [];
  await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))));
}

/** Memory once it has stayed about the same from one look to the next: what is under way has arrived. */
async function settled(): Promise<Memory> {
  for (let before = await broker.memory(); ; ) {
    await well();
    const now = await broker.memory();
    if (Math.abs(now.held - before.held) < 64 * KIB) return now;
    before = now;
  }
}

function expectPerConnection(before: Memory, after: Memory, count: number, heldBytesMax: number, rssBytesMax: number) {
  expect((after.held - before.held) / count).toBeLessThan(heldBytesMax);
  expect((after.rss - before.rss) / count).toBeLessThan(rssBytesMax);
}

test('five thousand idle connections cost a few KiB each, and what they cost is given back', async () => {
  const wanted = Math.min(5_000, Number(process.env['BIQUORUM_IDLE_CONNECTIONS'] ?? 5_000));
  const before = await settled();
  await come(wanted, () => undefined);
  const after = await settled();
  expect(sockets.filter((socket) => socket.destroyed)).toEqual([]);
  // Measured: 6 and 7 KiB.
  expectPerConnection(before, after, wanted, 24 * KIB, 48 * KIB);
  await leave();
  expect((await settled()).held - before.held).toBeLessThan(wanted * 2 * KIB);
}, 120_000);

test('frames that claim 100 MB and never come cost what has come of them', async () => {
  const before = await settled();
  await come(1_000, () => Buffer.concat([Buffer.from('06000000', 'hex'), Buffer.alloc(10)]));
  const after = await settled();
  expect(sockets.filter((socket) => socket.destroyed)).toEqual([]);
  // Measured: 10 and 12 KiB.
  expectPerConnection(before, after, 1_000, 24 * KIB, 64 * KIB);
}, 120_000);

test('frames that are too large, of negative size or of random bytes end their connections and nothing else', async () => {
  const before = await settled();
  let drawn = 0;
  const random = (): Buffer =>
    Buffer.concat(Array.from({ length: 8 }, () => createHash('sha512').update(`${drawn++}`).digest())).subarray(0, 400);
  const hostile = [
    () => Buffer.from('06400001', 'hex'),
    () => Buffer.from('80000000', 'hex'),
    // A frame of the right size, full of anything.
    () => Buffer.concat([Buffer.from('00000190', 'hex'), random()]),
  ];
  for (const bytes of hostile) {
    await come(500, bytes);
    await well();
    await untilClosed();
  }
  const after = await settled();
  expect(after.held - before.held).toBeLessThan(4 * KIB * KIB);
}, 120_000);

test('clients that ask for megabytes and never read hold a bounded part of it in memory', async () => {
  const MEBIBYTE = KIB * KIB;
  for (let index = 0; index < 16; index++) await well(Buffer.alloc(MEBIBYTE - 1_000, index));
  const before = await settled();
  const ASKED = 50;
  await come(100, () => Buffer.concat(Array.from({ length: ASKED }, (_, id) => fetchRequest(id, 8 * MEBIBYTE))));
  for (const socket of sockets) socket.pause();
  const after = await settled();
  expect(sockets.filter((socket) => socket.destroyed)).toEqual([]);
  // 400 MiB were asked for on each connection.
  expectPerConnection(before, after, 100, 1.5 * MEBIBYTE, 3 * MEBIBYTE);
}, 120_000);

/** Fetch version 4 of partition 0 of topic `t` from its beginning, as the protocol guide lays it out. */
function fetchRequest(correlationId: number, bytesMax: number): Buffer {
  const topic = [i16(1), Buffer.from('t')];
  const header = [i16(1), i16(4), i32(correlationId), i16(1), Buffer.from('c')];
  // Replica, wait, bytes at least, bytes at most, isolation level.
  const bounds = [i32(-1), i32(0), i32(0), i32(bytesMax), Buffer.of(0)];
  // One topic with one partition: number, offset, bytes at most.
  const wish = [i32(1), ...topic, i32(1), i32(0), i32(0), i32(0), i32(bytesMax)];
  const frame = Buffer.concat([...header, ...bounds, ...wish]);
  return Buffer.concat([i32(frame.length), frame]);
}

function i16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
