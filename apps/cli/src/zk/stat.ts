import type { Stat } from '@biquorum/zookeeper-wire';

/** A node's state as ZooKeeper's shell writes it. Source: Java `StatPrinter`. */
export function statLines(stat: Stat): readonly string[] {
  return [
    `cZxid = ${hex(stat.czxid)}`,
    `ctime = ${javaDate(stat.ctimeMs)}`,
    `mZxid = ${hex(stat.mzxid)}`,
    `mtime = ${javaDate(stat.mtimeMs)}`,
    `pZxid = ${hex(stat.pzxid)}`,
    `cversion = ${stat.cversion}`,
    `dataVersion = ${stat.version}`,
    `aclVersion = ${stat.aversion}`,
    `ephemeralOwner = ${hex(stat.ephemeralOwner)}`,
    `dataLength = ${stat.dataLength}`,
    `numChildren = ${stat.numChildren}`,
  ];
}

/** The same for JSON, which has no bigints: the session stands as hexadecimal text. */
export function statJson(stat: Stat): Readonly<Record<string, unknown>> {
  return { ...stat, ephemeralOwner: hex(stat.ephemeralOwner) };
}

function hex(value: number | bigint): string {
  return `0x${(typeof value === 'bigint' ? BigInt.asUintN(64, value) : value).toString(16)}`;
}

/** `Sat Nov 21 21:16:09 UTC 2026`, in the time zone of this machine. Source: Java `Date.toString`. */
function javaDate(ms: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    year: 'numeric',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  return `${part('weekday')} ${part('month')} ${part('day')} ${time} ${part('timeZoneName')} ${part('year')}`;
}
