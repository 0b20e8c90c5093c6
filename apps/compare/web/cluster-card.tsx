import type { VNode } from 'preact';
import type { LiveCluster, LiveNode, LivePartition, LiveTarget } from '../src/live/protocol.ts';
import { MODE_NAMES, nameOf, VOTER_NAMES } from './words.ts';

/** One cluster: who governs it, its nodes, its partitions. */
export function ClusterCard({
  cluster,
  detectionMs,
  target,
  onTarget,
}: {
  readonly cluster: LiveCluster;
  readonly detectionMs: number;
  readonly target: LiveTarget;
  readonly onTarget: (target: LiveTarget) => void;
}): VNode {
  const { mode, nodes } = cluster;
  const voters = nodes.filter(({ role }) => role !== 'broker');
  const brokers = nodes.filter(({ role }) => role === 'broker');
  const targetOf = (node: LiveNode): LiveTarget =>
    node.role === 'broker' ? { kind: 'broker', id: node.id } : { kind: 'voter', index: voters.indexOf(node) };
  const card = (node: LiveNode): VNode => (
    <NodeCard
      key={node.id}
      node={node}
      cluster={cluster}
      isChosen={JSON.stringify(targetOf(node)) === JSON.stringify(target)}
      onChoose={() => onTarget(targetOf(node))}
    />
  );
  return (
    <section class={`card cluster ${mode}`} aria-label={MODE_NAMES[mode]}>
      <h2>{MODE_NAMES[mode]}</h2>
      <Government cluster={cluster} />
      <h3>{mode === 'zookeeper' ? 'Ensemble (ZAB)' : 'Quorum of controllers (Raft)'}</h3>
      <div class="nodes">{voters.map(card)}</div>
      <h3>Brokers</h3>
      <div class="nodes">{brokers.map(card)}</div>
      <Partitions partitions={cluster.partitions} more={cluster.partitionsMore} />
      <p class="aside">
        bootstrap <code>{cluster.bootstrap}</code>
        {cluster.zookeeperConnect === null ? null : (
          <>
            , ZooKeeper <code>{cluster.zookeeperConnect}</code>
          </>
        )}
        . A silent broker is taken for dead after {(detectionMs / 1_000).toFixed(1)} s.
      </p>
    </section>
  );
}

function Government({ cluster }: { readonly cluster: LiveCluster }): VNode {
  const { mode, nodes, government } = cluster;
  const { controller, quorumLeader, voters, votersUp, majority } = government;
  const named = (id: number): string => {
    const node = nodes.find((one) => one.id === id);
    return node === undefined ? `node ${id}` : nameOf(node);
  };
  const claims = nodes.filter(({ id, controllerEpoch }) => controllerEpoch !== null && id !== controller?.id);
  return (
    <dl class="government">
      <div>
        <dt>Active controller</dt>
        <dd>
          {controller === null ? (
            <strong class="bad">none</strong>
          ) : (
            <>
              <strong>{named(controller.id)}</strong>, epoch {controller.epoch}
            </>
          )}
          {claims.map(({ id, controllerEpoch }) => (
            <span key={id} class="bad">
              {' '}
              ({named(id)} still believes it is, in epoch {controllerEpoch})
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>Leader of the {VOTER_NAMES[mode]}</dt>
        <dd>
          {quorumLeader === null ? (
            <strong class="bad">none</strong>
          ) : (
            <>
              <strong>{named(quorumLeader.id)}</strong>, epoch {quorumLeader.epoch}
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Votes</dt>
        <dd class={votersUp < majority ? 'bad' : ''}>
          {votersUp} of {voters} up, {majority} needed{votersUp < majority ? ': nothing can be decided' : ''}
        </dd>
      </div>
    </dl>
  );
}

function NodeCard({
  node,
  cluster,
  isChosen,
  onChoose,
}: {
  readonly node: LiveNode;
  readonly cluster: LiveCluster;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): VNode {
  const { standing, state, cutOff, controllerEpoch, lastControllerEpoch, registered, stalePartitions } = node;
  const isController = controllerEpoch !== null && cluster.government.controller?.id === node.id;
  const leads = cluster.partitions.filter(({ leader }) => leader === node.id).length;
  const badges: VNode[] = [];
  if (state !== 'running') badges.push(<b class="badge bad">{state}</b>);
  if (cutOff) badges.push(<b class="badge bad">cut off</b>);
  if (isController) badges.push(<b class="badge controller">controller, epoch {controllerEpoch}</b>);
  else if (controllerEpoch !== null) badges.push(<b class="badge bad">old controller, epoch {controllerEpoch}</b>);
  if (lastControllerEpoch !== null) badges.push(<b class="badge bad">was controller, epoch {lastControllerEpoch}</b>);
  if (state === 'running' && registered === false) badges.push(<b class="badge bad">not registered, or fenced</b>);
  return (
    <button
      type="button"
      class={`node ${state} ${isController ? 'active' : ''}`}
      aria-pressed={isChosen}
      title="Choose this node, and its like in the other mode"
      onClick={onChoose}
    >
      <span class="name">{nameOf(node)}</span>
      {badges}
      {standing === null ? null : (
        <span class="facts">
          <b class={`badge ${isLeading(standing.role) ? 'leader' : ''}`}>{standing.role}</b> epoch {standing.epoch}
          <br />
          log {standing.logEnd}
          <br />
          committed {standing.committed}
        </span>
      )}
      {node.role === 'broker' && state === 'running' ? (
        <span class="facts">
          leads {leads}
          {stalePartitions !== null && stalePartitions > 0 ? (
            <>
              <br />
              <span class="bad">view old for {stalePartitions}</span>
            </>
          ) : null}
        </span>
      ) : null}
    </button>
  );
}

function isLeading(role: string): boolean {
  return role === 'leader' || role === 'leading';
}

function Partitions({
  partitions,
  more,
}: {
  readonly partitions: readonly LivePartition[];
  readonly more: number;
}): VNode {
  return (
    <div class="scroll">
      <table>
        <caption class="visually-hidden">Partitions</caption>
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col">Leader</th>
            <th scope="col">Epoch</th>
            <th scope="col">ISR</th>
            <th scope="col">End of log; lag</th>
          </tr>
        </thead>
        <tbody>
          {partitions.map(({ topic, partition, leader, leaderEpoch, replicas, isr, logs }) => (
            <tr key={`${topic}-${partition}`}>
              <th scope="row">
                {topic}-{partition}
              </th>
              <td class={leader < 0 ? 'bad' : ''}>{leader < 0 ? 'none' : leader}</td>
              <td>{leaderEpoch}</td>
              <td>
                {replicas.map((id) =>
                  isr.includes(id) ? (
                    <span key={id} class="replica">
                      {id}{' '}
                    </span>
                  ) : (
                    <s key={id} class="replica bad" title="not in sync">
                      {id}{' '}
                    </s>
                  ),
                )}
              </td>
              <td class="number">
                {logs.find(({ id }) => id === leader)?.endOffset ?? '–'}
                {'; '}
                {logs
                  .filter(({ id }) => id !== leader)
                  .map(({ id, lag }) => `${id}: ${lag}`)
                  .join(', ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 ? <p class="aside">{more} partitions more are not shown.</p> : null}
    </div>
  );
}
