/**
 * One client in a process of its own: produces in requests of a hundred records, ten in flight, then reads all of it in
 * a new group. Prints what it measured as one line of JSON.
 */
import { kafkajs } from './kafkajs.ts';
import { measureClient } from './measure-client.ts';
import { platformatic } from './platformatic.ts';

const [name = '', bootstrap = '', topic = '', acks = '', records = '', partitions = ''] = process.argv.slice(2);
const clients = new Map(Object.entries({ kafkajs, platformatic }));
const open = clients.get(name);
if (open === undefined) throw new Error(`no client is named ${name}; there are ${[...clients.keys()].join(', ')}`);
const run = { topic, acks: acks === 'all' ? -1 : 1, records: Number(records), partitions: Number(partitions) } as const;
console.log(JSON.stringify(await measureClient(open(bootstrap), run)));
// Some clients keep the process alive for a while after they are closed.
process.exit(0);
