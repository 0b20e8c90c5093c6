import type { ControlPlane, RequestContext } from '@biquorum/control-plane';
import type { LogManager } from '@biquorum/log';
import type { ClusterView, NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { GroupHost } from '../coordination/group-host.ts';
import type { ProducerIds } from '../coordination/producer-ids.ts';
import type { TopicCreation } from '../coordination/topic-creation.ts';
import type { FetchSessions } from '../replicas/fetch-sessions.ts';
import type { ReplicaManager } from '../replicas/replica-manager.ts';
import type { BrokerSettings } from '../settings.ts';

/** What the handlers of requests work with. */
export interface BrokerCore {
  readonly id: NodeId;
  readonly ports: Ports;
  readonly settings: BrokerSettings;
  readonly plane: ControlPlane;
  readonly logs: LogManager;
  readonly replicas: ReplicaManager;
  readonly sessions: FetchSessions;
  readonly groups: GroupHost;
  readonly producerIds: ProducerIds;
  readonly topics: TopicCreation;
  /** The newest view. */
  view(): ClusterView;
}

/** One request for the core. */
export interface ApiRequest<Body> {
  readonly core: BrokerCore;
  readonly context: RequestContext;
  readonly version: number;
  readonly body: Body;
}
