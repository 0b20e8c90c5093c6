import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatStorage, type InitialQuorum, readKraftSettings } from '@biquorum/kraft';
import { createNodePorts } from '@biquorum/platform/node';
import { CLUSTER_ID } from '../apache/broker.ts';
import { type NodePlan, NodeProcess } from '../mixed-cluster/node.ts';

/** A node of a cluster in KRaft mode. */
export interface KraftNodePlan extends NodePlan {
  /** `host:port` of the listener for controllers; empty for a broker alone. */
  readonly controller: string;
}

/** A broker, a controller or both. */
export class KraftNodeProcess extends NodeProcess<KraftNodePlan> {
  /** Id of the directory, as it was formatted. */
  get directoryId(): string {
    const text = readFileSync(join(this.data, 'meta.properties'), 'utf8');
    const [, id] = /^directory\.id=(.*)$/m.exec(text) ?? [];
    if (id === undefined) throw new Error(`${this.data} has no directory.id: ${text}`);
    return id;
  }

  /**
   * Writes the configuration, and formats the directory as `biquorum storage format` does: Apache's nodes start on what
   * we formatted.
   */
  async format(quorum: InitialQuorum): Promise<void> {
    this.writeConfiguration();
    const { id, properties } = this.plan;
    const settings = readKraftSettings(
      new Map(Object.entries({ ...properties, 'log.dirs': this.data }).map(([key, value]) => [key, String(value)])),
    );
    const ports = createNodePorts();
    try {
      await formatStorage(ports, {
        clusterId: CLUSTER_ID,
        nodeId: id,
        directories: settings.logDirectories,
        metadataDirectory: settings.metadataDirectory,
        quorum,
      });
    } finally {
      await ports.close();
    }
  }
}
