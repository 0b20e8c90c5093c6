import assert from 'node:assert';
import type { MetadataBatch, MetadataFollower, MetadataSnapshot, VersionedRecord } from '../../../src/journal.ts';

/** A record that sets a key. */
export function setRecord(name: string, value: string): VersionedRecord {
  return {
    message: { type: 'ConfigRecord', record: { resourceType: 2, resourceName: 'topic', name, value } },
    version: 0,
  };
}

/** Keeps a map of strings, and everything that it was told. */
export class RecordingFollower implements MetadataFollower {
  readonly values: Map<string, string> = new Map();
  /** What was committed since the last snapshot that was restored, as `offset@epoch:count`. */
  readonly batches: MetadataBatch[] = [];
  readonly restored: MetadataSnapshot['id'][] = [];
  /** The epoch that this node leads; null when it leads none. */
  leading: number | null = null;
  resigned: string[] = [];
  snapshots = 0;
  end = 0;

  commit(batch: MetadataBatch): void {
    assert.equal(batch.baseOffset, this.end, 'a batch follows the one before it');
    this.end = batch.endOffset;
    this.batches.push(batch);
    for (const record of batch.records) {
      if (record.type === 'ConfigRecord') this.values.set(record.record.name, record.record.value ?? '');
    }
  }

  restore(snapshot: MetadataSnapshot): void {
    this.values.clear();
    this.batches.length = 0;
    for (const record of snapshot.records) {
      if (record.type === 'ConfigRecord') this.values.set(record.record.name, record.record.value ?? '');
    }
    this.end = snapshot.id.index;
    this.restored.push(snapshot.id);
  }

  *snapshot(): Generator<VersionedRecord, void, void> {
    this.snapshots++;
    for (const [name, value] of [...this.values]) yield setRecord(name, value);
  }

  lead(epoch: number): void {
    assert.equal(this.leading, null, 'leads once');
    this.leading = epoch;
  }

  resign(reason: string): void {
    assert.notEqual(this.leading, null, 'resigns only what it leads');
    this.leading = null;
    this.resigned.push(reason);
  }
}
