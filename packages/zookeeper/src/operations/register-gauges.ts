import type { Clock } from '@biquorum/platform';
import type { ClientListener } from '../server/client-listener.ts';
import type { ServingCore } from './serving-core.ts';
import type { HostFacts } from './start-zookeeper.ts';

/** What `mntr` and `/metrics` ask of a server when somebody looks. Source: Java `ZooKeeperServer.registerMetrics`. */
export function registerGauges(core: ServingCore, listener: ClientListener, clock: Clock, host: HostFacts): void {
  const { server } = core;
  const { stats, tree, watches } = server;
  const { metrics } = stats;
  const startedMs = clock.monotonicMs();
  metrics.gauge('avg_latency', () => stats.latencyMs.avg, { isDouble: true });
  metrics.gauge('max_latency', () => stats.latencyMs.max);
  metrics.gauge('min_latency', () => stats.latencyMs.min);
  metrics.gauge('packets_received', () => stats.packetsReceived);
  metrics.gauge('packets_sent', () => stats.packetsSent);
  metrics.gauge('num_alive_connections', () => listener.size);
  metrics.gauge('outstanding_requests', () => server.outstanding);
  metrics.gauge('uptime', () => Math.floor(clock.monotonicMs() - startedMs));
  metrics.gauge('znode_count', () => tree.nodeCount);
  metrics.gauge('watch_count', () => watches.data.counts.watches + watches.children.counts.watches);
  metrics.gauge('ephemerals_count', () => tree.ephemeralsCount);
  metrics.gauge('approximate_data_size', () => tree.approximateDataBytes);
  metrics.gauge('global_sessions', () => core.sessionCount);
  metrics.gauge('local_sessions', () => 0);
  metrics.gauge('open_file_descriptor_count', () => host.openFileDescriptors());
  metrics.gauge('max_file_descriptor_count', () => host.maxFileDescriptors());
  metrics.gauge('connection_drop_probability', () => server.connectionDropChance, { isDouble: true });
  metrics.gauge('last_client_response_size', () => stats.responseBytes.last);
  metrics.gauge('max_client_response_size', () => stats.responseBytes.max);
  metrics.gauge('min_client_response_size', () => stats.responseBytes.min);
  metrics.gauge('outstanding_tls_handshake', () => 0);
  metrics.gauge('auth_failed_count', () => stats.authFailed);
  metrics.gauge('non_mtls_remote_conn_count', () => listener.remoteCount);
  metrics.gauge('non_mtls_local_conn_count', () => listener.size - listener.remoteCount);
}
