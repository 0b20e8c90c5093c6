import { FileFault } from './checkpoint-text.ts';
import { formatProperties, parseProperties } from './java-properties.ts';

/** `meta.properties` of a log directory of a broker in ZooKeeper mode; all but the version may be missing. */
export interface MetaPropertiesV0 {
  readonly version: 0;
  readonly clusterId: string | undefined;
  readonly brokerId: number | undefined;
  /** Set only while a cluster migrates to KRaft. */
  readonly directoryId: string | undefined;
}

/** `meta.properties` of a formatted directory of a KRaft node. */
export interface MetaPropertiesV1 {
  readonly version: 1;
  readonly clusterId: string;
  readonly nodeId: number;
  /** 22 characters of base64url; missing in directories that a release before 3.7 formatted. */
  readonly directoryId: string | undefined;
}

/**
 * Whose a log directory is.
 *
 * Source: `org.apache.kafka.metadata.properties.MetaProperties`.
 */
export type MetaProperties = MetaPropertiesV0 | MetaPropertiesV1;

/** The text of `meta.properties`. */
export function formatMetaProperties(meta: MetaProperties): Uint8Array<ArrayBuffer> {
  const properties = new Map([['version', String(meta.version)]]);
  if (meta.clusterId !== undefined) properties.set('cluster.id', meta.clusterId);
  const id = meta.version === 0 ? meta.brokerId : meta.nodeId;
  if (id !== undefined) properties.set(meta.version === 0 ? 'broker.id' : 'node.id', String(id));
  if (meta.directoryId !== undefined) properties.set('directory.id', meta.directoryId);
  return formatProperties(properties);
}

/**
 * Reads `meta.properties`. Without a version it counts as version 0.
 *
 * @param file what to call the file in an error.
 * @throws FileFault another version, an id that is none, or version 1 without cluster or node id.
 */
export function parseMetaProperties(file: string, bytes: Uint8Array): MetaProperties {
  const properties = parseProperties(file, bytes);
  const version = properties.get('version') ?? '0';
  const clusterId = properties.get('cluster.id');
  const directoryId = properties.get('directory.id');
  if (directoryId !== undefined && !/^[A-Za-z0-9_-]{22}$/.test(directoryId)) {
    throw new FileFault(file, `directory.id ${directoryId} is not 22 characters of base64url`);
  }
  if (version === '0') {
    return { version: 0, clusterId, brokerId: readId(file, properties, 'broker.id'), directoryId };
  }
  if (version !== '1') throw new FileFault(file, `has version ${version}; 0 and 1 are known`);
  const nodeId = readId(file, properties, 'node.id');
  if (nodeId === undefined) throw new FileFault(file, 'has no node.id; format the directory');
  if (clusterId === undefined) throw new FileFault(file, 'has no cluster.id; format the directory');
  return { version: 1, clusterId, nodeId, directoryId };
}

function readId(file: string, properties: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = properties.get(name);
  if (text === undefined) return undefined;
  if (!/^[+-]?\d{1,10}$/.test(text)) throw new FileFault(file, `${name} is "${text}", not a whole number`);
  return Number(text);
}
