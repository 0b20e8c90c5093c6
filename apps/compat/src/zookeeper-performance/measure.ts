import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../side-by-side/statistics.ts';
import {
  change,
  creation,
  deletion,
  LoadConnection,
  type RequestTemplate,
  reading,
  syncing,
} from './load-connection.ts';

/** What is measured. `getChildren` is of a hundred children. */
export const OPERATIONS = ['create', 'set', 'get', 'getChildren'] as const;
/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];
/** Requests under way at a time, over all connections. */
export const OUTSTANDING = [1, 100, 1_000] as const;

/** One operation with so many requests under way. */
export interface Cell {
  readonly operation: Operation;
  readonly outstanding: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** How long each cell takes. */
export interface Durations {
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

const CONNECTIONS = 4;
const CHILDREN = 100;
const DATA: Uint8Array = new Uint8Array(100).fill(0x78);
/** Deletions under way at a time. */
const DELETED_AT_ONCE = 500;

/**
 * Measures servers cell by cell, from a few connections spread over them; the data is 100 bytes. What was created is
 * deleted again.
 *
 * @param root a path that is not there; it is gone afterwards
 * @throws Error when a request fails or a connection ends
 */
export async function measureServers(
  ports: readonly number[],
  root: string,
  operations: readonly Operation[],
  durations: Durations,
  onCell: (cell: Cell) => void,
): Promise<void> {
  const places = Array.from({ length: CONNECTIONS }, (_, at) => ports[at % ports.length] as number);
  const connections = await Promise.all(places.map((port) => LoadConnection.open(port)));
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {});
  for (const connection of connections) connection.onFault = (error) => fault.reject(error);
  const work = async (): Promise<void> => {
    const [first] = connections as [LoadConnection];
    for (const path of [root, `${root}/set`, `${root}/many`]) await first.call(creation(path, DATA));
    for (let at = 0; at < CHILDREN; at++) await first.call(creation(`${root}/many/child-`, DATA, true), at);
    for (const at of connections.keys()) await first.call(creation(`${root}/made-${at}`, DATA));
    for (const connection of connections) await connection.call(syncing(root));
    for (const outstanding of OUTSTANDING) {
      for (const operation of operations) {
        onCell(await measureCell(connections, root, operation, outstanding, durations));
      }
    }
    for (let at = 0; at < CHILDREN; at++) await first.call(deletion(`${root}/many/child-`, true), at);
    for (const at of connections.keys()) await first.call(deletion(`${root}/made-${at}`));
    for (const path of [`${root}/many`, `${root}/set`, root]) await first.call(deletion(path));
  };
  try {
    await Promise.race([work(), fault.promise]);
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function measureCell(
  connections: readonly LoadConnection[],
  root: string,
  operation: Operation,
  outstanding: number,
  { warmUpMs, measuredMs }: Durations,
): Promise<Cell> {
  const used = connections.slice(0, Math.min(connections.length, outstanding));
  const made = used.map(() => 0);
  const tookMs: number[] = [];
  let phase: 'warming' | 'measuring' | 'ending' = 'warming';
  let underWay = 0;
  const ended = Promise.withResolvers<void>();
  for (const [at, connection] of used.entries()) {
    const template = templateOf(operation, root, at);
    const next = (): void => {
      underWay++;
      const number = (made[at] as number) + 1;
      made[at] = number;
      connection.ask(template, number);
    };
    connection.onAnswer = (ms) => {
      underWay--;
      if (phase === 'measuring') tookMs.push(ms);
      if (phase !== 'ending') next();
      else if (underWay === 0) ended.resolve();
    };
    for (let count = at; count < outstanding; count += used.length) next();
    connection.flush();
  }
  await sleep(warmUpMs);
  phase = 'measuring';
  const startedMs = performance.now();
  await sleep(measuredMs);
  const elapsedMs = performance.now() - startedMs;
  phase = 'ending';
  await ended.promise;
  if (operation === 'create') {
    await Promise.all(
      used.map((connection, at) => deleteAll(connection, `${root}/made-${at}/node-`, made[at] as number)),
    );
  }
  return {
    operation,
    outstanding,
    perSecond: (tookMs.length / elapsedMs) * 1_000,
    p99Ms: tookMs.length === 0 ? Number.POSITIVE_INFINITY : percentile(tookMs, 0.99),
  };
}

function templateOf(operation: Operation, root: string, connection: number): RequestTemplate {
  switch (operation) {
    case 'create':
      return creation(`${root}/made-${connection}/node-`, DATA, true);
    case 'set':
      return change(`${root}/set`, DATA);
    case 'get':
      return reading('getData', `${root}/set`);
    case 'getChildren':
      return reading('getChildren', `${root}/many`);
  }
}

/** Deletes the nodes with the numbers from 1 on. */
function deleteAll(connection: LoadConnection, path: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    const template = deletion(path, true);
    let asked = 0;
    let answered = 0;
    connection.onAnswer = () => {
      if (++answered === count) resolve();
      else if (asked < count) connection.ask(template, ++asked);
    };
    while (asked < Math.min(count, DELETED_AT_ONCE)) connection.ask(template, ++asked);
    connection.flush();
    if (count === 0) resolve();
  });
}
