import type { Agent, ConsumedRecord, Operation, ProduceRecord, ReplyOf, RequestOf } from './agent-protocol.ts';

/** Something that a client does wrong, to see that a scenario finds it. */
export interface Sabotage {
  /** Id of the scenario that has to find it. */
  readonly scenario: string;
  readonly what: string;
  /** What the failure must say, so that it is found for what it is. */
  readonly found: RegExp;
  /** The same client, doing it wrong. */
  readonly spoil: (agent: Agent) => Agent;
}

type Asked = Exclude<Operation, 'hello'>;
type Spoil = Sabotage['spoil'];

/** One for each thing that scenarios compare. */
export const sabotages: readonly Sabotage[] = [
  wrong('keys', 'all keys go to one partition', /records in .*-keys-/, writing(toOnePartition)),
  wrong('partition', 'all records go to one partition', /records in .*-partition-/, writing(toOnePartition)),
  wrong('partition', 'no value is written as an empty one', /partition \d: .*""/, writing(withValue)),
  wrong('partition', 'offsets are acknowledged one too large', /acknowledged offset/, answering('produce', aheadOfLog)),
  wrong('acks', 'a record is not written', /records of acks/, asking('produce', withoutLast)),
  wrong('codecs', 'nothing is compressed', /codecs in the log/, asking('produce', uncompressed)),
  wrong('codecs', 'values are read cut', /read with/, reading(cut)),
  wrong('headers', 'a header is left out', /headers that/, writing(withoutHeader)),
  wrong('headers', 'headers are read in another order', /headers that/, reading(turnedHeaders)),
  wrong('null-headers', 'a header without value is written with one', /headers: /, writing(withHeaderValues)),
  wrong('timestamps', 'timestamps are a millisecond late', /timestamps/, writing(late)),
  wrong('idempotent', 'there is no producer id', /no producer id/, asking('produce', notIdempotent)),
  wrong('idempotent', 'a record is not written', /records in .*-idempotent-/, asking('produce', withoutLast)),
  wrong('from-offset', 'records come in another order', /from offset/, answering('consume', turned)),
  wrong('from-timestamp', 'the timestamp is not looked at', /first offset/, asking('consume', fromTheStart)),
  wrong('offsets', 'offsets are one too large', /offset at/, answering('listOffsets', oneMore)),
  wrong('group', 'a record is never handed out', /records seen/, answering('poll', withoutFifth)),
  wrong('commit', 'another offset is committed', /committed offsets/, asking('commit', oneLess)),
  wrong('commit', 'a member reads what its group has read', /after the committed/, asking('subscribe', inAnotherGroup)),
  wrong('groups', 'values are changed', /group reads/, answering('poll', cutAll)),
  wrong('describe-group', 'members are not told', /group is stable/, answering('describeGroup', withoutMembers)),
  wrong('describe-group', 'no offsets are told', /committed offsets/, answering('committed', withoutOffsets)),
  wrong('topics', 'a topic gets too few partitions', /3 partitions/, asking('createTopic', withTwoPartitions)),
  wrong('topics', 'settings are not passed on', /its settings/, asking('createTopic', withoutConfigs)),
  wrong('topics', 'a topic is expanded too little', /5 partitions/, asking('createPartitions', toFour)),
  wrong('topics', 'a topic is not deleted', /0 partitions/, skipping('deleteTopic', {})),
  wrong('configs', 'a setting is not changed', /in the eyes of/, asking('alterConfigs', withoutChange)),
  wrong('configs', 'a setting is not taken back', /in the eyes of/, asking('alterConfigs', withoutReturn)),
  wrong('oversized', 'the record is made smaller', /it was taken/, writing(cutToNothing)),
];

function wrong(scenario: string, what: string, found: RegExp, spoil: Spoil): Sabotage {
  return { scenario, what, found, spoil };
}

/** Changes each record before it is written. */
function writing(change: (record: ProduceRecord) => ProduceRecord): Spoil {
  return asking('produce', (it) => ({ ...it, records: it.records.map(change) }));
}

/** Changes each record that `consume` hands out. */
function reading(change: (record: ConsumedRecord) => ConsumedRecord): Spoil {
  return answering('consume', ({ records }) => ({ records: records.map(change) }));
}

/** Changes what an operation is asked. */
function asking<Op extends Asked>(op: Op, change: (request: RequestOf<Op>) => RequestOf<Op>): Spoil {
  return spoiling(op, (request, ask) => ask(change(request)));
}

/** Changes what an operation answers. */
function answering<Op extends Asked>(op: Op, change: (reply: ReplyOf<Op>) => ReplyOf<Op>): Spoil {
  return spoiling(op, async (request, ask) => change(await ask(request)));
}

/** Answers without having done anything. */
function skipping<Op extends Asked>(op: Op, reply: ReplyOf<Op>): Spoil {
  return spoiling(op, async () => reply);
}

function spoiling<Op extends Asked>(
  spoiledOp: Op,
  answer: (request: RequestOf<Op>, ask: (request: RequestOf<Op>) => Promise<ReplyOf<Op>>) => Promise<ReplyOf<Op>>,
): Spoil {
  return (agent) => ({
    hello: agent.hello,
    ask<Other extends Asked>(op: Other, request: RequestOf<Other>): Promise<ReplyOf<Other>> {
      if ((op as Asked) !== spoiledOp) return agent.ask(op, request);
      const answered = answer(request as unknown as RequestOf<Op>, (changed) => agent.ask(spoiledOp, changed));
      return answered as unknown as Promise<ReplyOf<Other>>;
    },
    crash: () => agent.crash(),
    close: () => agent.close(),
  });
}

function toOnePartition(record: ProduceRecord): ProduceRecord {
  return { ...record, partition: 0 };
}

function withValue(record: ProduceRecord): ProduceRecord {
  return { ...record, value: record.value ?? '' };
}

function withoutHeader(record: ProduceRecord): ProduceRecord {
  return { ...record, headers: (record.headers ?? []).slice(1) };
}

function withHeaderValues(record: ProduceRecord): ProduceRecord {
  return { ...record, headers: (record.headers ?? []).map(([name, value]) => [name, value ?? ''] as const) };
}

function late(record: ProduceRecord): ProduceRecord {
  return { ...record, timestamp: (record.timestamp ?? 0) + 1 };
}

function cutToNothing(record: ProduceRecord): ProduceRecord {
  return { ...record, value: 'x' };
}

function cut(record: ConsumedRecord): ConsumedRecord {
  return { ...record, value: record.value?.slice(1) ?? null };
}

function turnedHeaders(record: ConsumedRecord): ConsumedRecord {
  return { ...record, headers: record.headers.toReversed() };
}

function uncompressed(it: RequestOf<'produce'>): RequestOf<'produce'> {
  return { ...it, codec: 'none' };
}

function notIdempotent(it: RequestOf<'produce'>): RequestOf<'produce'> {
  return { ...it, idempotent: false };
}

function withoutLast(it: RequestOf<'produce'>): RequestOf<'produce'> {
  return { ...it, records: it.records.slice(0, -1) };
}

function aheadOfLog({ acknowledged }: ReplyOf<'produce'>): ReplyOf<'produce'> {
  return { acknowledged: acknowledged.map((it) => ({ ...it, offset: (it.offset ?? 0) + 1 })) };
}

function turned({ records }: ReplyOf<'consume'>): ReplyOf<'consume'> {
  return { records: records.toReversed() };
}

function fromTheStart(it: RequestOf<'consume'>): RequestOf<'consume'> {
  return { ...it, from: { offset: 0 } };
}

function oneMore({ offset }: ReplyOf<'listOffsets'>): ReplyOf<'listOffsets'> {
  return { offset: offset + 1 };
}

function withoutFifth({ records, assignment }: ReplyOf<'poll'>): ReplyOf<'poll'> {
  return { records: records.filter(({ offset }) => offset !== 5), assignment };
}

function cutAll({ records, assignment }: ReplyOf<'poll'>): ReplyOf<'poll'> {
  return { records: records.map(cut), assignment };
}

function oneLess({ offsets }: RequestOf<'commit'>): RequestOf<'commit'> {
  return { offsets: offsets.map((it) => ({ ...it, offset: it.offset - 1 })) };
}

/** The second member, that is: the first stays where it belongs, so that its commit is found. */
function inAnotherGroup(it: RequestOf<'subscribe'>): RequestOf<'subscribe'> {
  return it.maxRecords === 10 ? it : { ...it, groupId: `${it.groupId}-other` };
}

function withoutMembers({ state }: ReplyOf<'describeGroup'>): ReplyOf<'describeGroup'> {
  return { state, members: [] };
}

function withoutOffsets(): ReplyOf<'committed'> {
  return { offsets: [] };
}

function withTwoPartitions(it: RequestOf<'createTopic'>): RequestOf<'createTopic'> {
  return { ...it, partitions: 2 };
}

function withoutConfigs(it: RequestOf<'createTopic'>): RequestOf<'createTopic'> {
  return { ...it, configs: {} };
}

function toFour(it: RequestOf<'createPartitions'>): RequestOf<'createPartitions'> {
  return { ...it, partitions: 4 };
}

function withoutChange(it: RequestOf<'alterConfigs'>): RequestOf<'alterConfigs'> {
  return { ...it, set: {} };
}

function withoutReturn(it: RequestOf<'alterConfigs'>): RequestOf<'alterConfigs'> {
  return { ...it, unset: [] };
}
