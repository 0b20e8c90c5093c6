import { OpCode, type Zxid } from '@biquorum/zookeeper-wire';
import { ServerMetrics } from '../metrics/server-metrics.ts';
import { Summary } from '../metrics/summary.ts';

/** What `cons` says of a connection. Source: Java `ServerCnxn`. */
export class ConnectionStats {
  readonly latencyMs: Summary = new Summary();
  received = 0;
  sent = 0;
  lastOp = 'NA';
  lastCxid = -1;
  lastZxid: Zxid = -1;
  lastResponseMs = 0;
  lastLatencyMs = 0;

  /** A request was answered. */
  answered(type: number, cxid: number, zxid: Zxid, latencyMs: number, wallMs: number): void {
    this.lastOp = LAST_OP.get(type) ?? 'NA';
    this.lastCxid = cxid;
    this.lastZxid = zxid;
    this.lastResponseMs = wallMs;
    this.lastLatencyMs = latencyMs;
    this.latencyMs.add(latencyMs);
  }

  reset(): void {
    this.latencyMs.reset();
    this.received = 0;
    this.sent = 0;
    this.lastOp = 'NA';
    this.lastCxid = -1;
    this.lastZxid = -1;
    this.lastResponseMs = 0;
    this.lastLatencyMs = 0;
  }
}

/** Least, most and last size of something; −1 before the first. Source: Java `BufferStats`. */
export class SizeStats {
  last = -1;
  min = -1;
  max = -1;

  add(bytes: number): void {
    this.last = bytes;
    if (this.min === -1 || bytes < this.min) this.min = bytes;
    if (bytes > this.max) this.max = bytes;
  }

  reset(): void {
    this.last = -1;
    this.min = -1;
    this.max = -1;
  }
}

/** What `srvr` says of a server, and its metrics. Source: Java `ServerStats`. */
export class ServerStats {
  readonly metrics: ServerMetrics = new ServerMetrics();
  readonly latencyMs: Summary = new Summary();
  readonly responseBytes: SizeStats = new SizeStats();
  packetsReceived = 0;
  packetsSent = 0;
  authFailed = 0;

  /** `srst`: as Java's, all metrics that are not asked for begin anew. */
  reset(): void {
    this.metrics.reset();
    this.latencyMs.reset();
    this.responseBytes.reset();
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.authFailed = 0;
  }
}

/** Names of operations in `cons`. */
const LAST_OP: ReadonlyMap<number, string> = new Map<number, string>([
  [OpCode.ping, 'PING'],
  [OpCode.createSession, 'SESS'],
  [OpCode.multi, 'MULT'],
  [OpCode.multiRead, 'MLTR'],
  [OpCode.create, 'CREA'],
  [OpCode.create2, 'CREA'],
  [OpCode.createTTL, 'CREA'],
  [OpCode.createContainer, 'CREA'],
  [OpCode.delete, 'DELE'],
  [OpCode.setData, 'SETD'],
  [OpCode.reconfig, 'RECO'],
  [OpCode.setACL, 'SETA'],
  [OpCode.closeSession, 'CLOS'],
  [OpCode.sync, 'SYNC'],
  [OpCode.exists, 'EXIS'],
  [OpCode.getData, 'GETD'],
  [OpCode.setWatches, 'SETW'],
  [OpCode.setWatches2, 'STW2'],
  [OpCode.addWatch, 'ADDW'],
  [OpCode.getACL, 'GETA'],
  [OpCode.getChildren, 'GETC'],
  [OpCode.getChildren2, 'GETC'],
  [OpCode.getAllChildrenNumber, 'GETACN'],
  [OpCode.checkWatches, 'CHKW'],
  [OpCode.removeWatches, 'REMW'],
  [OpCode.whoAmI, 'HOMI'],
  [OpCode.getEphemerals, 'GETE'],
]);
