/**
 * Connections of Kafka's protocol, below any API: size-prefixed frames, servers that answer each connection in the order
 * of its requests and stop reading while they are owed too much, and channels to peers.
 *
 * @packageDocumentation
 */
export { BufferPool } from './buffer-pool.ts';
export type { Reply } from './client-connection.ts';
export type { ConnectionCounts } from './connection-quotas.ts';
export {
  type BindAddress,
  type ConnectionIdentity,
  ListenerServer,
  type RequestService,
  type ServerLimits,
} from './listener-server.ts';
export { type PeerAddress, PeerChannel, PeerError, type PeerOptions } from './peer-channel.ts';
export type { FilePayload, Segment } from './send-queue.ts';
