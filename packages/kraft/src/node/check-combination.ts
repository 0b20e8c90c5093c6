import type { Endpoint, SecurityProtocol } from '@biquorum/metadata';
import type { KraftSettings } from './kraft-settings.ts';
import { KraftSettingsError } from './settings-error.ts';

/**
 * Checks roles, listeners and voters against each other, in the words that administrators of Kafka know.
 *
 * Source: Java `KafkaConfig.validateValues` of 3.9.
 *
 * @throws KraftSettingsError
 */
export function checkCombination(
  settings: KraftSettings,
  listeners: readonly Endpoint[],
  protocols: ReadonlyMap<string, SecurityProtocol>,
): void {
  const { roles, nodeId, voters, bootstrapServers, controllerListenerNames, controllerListeners } = settings;
  const advertised = settings.advertisedControllerListeners;
  if (roles.size === 0) return;
  const refuse = (key: string, value: string, reason: string): never => {
    throw new KraftSettingsError(key, value, reason);
  };
  if (!(Number.isInteger(nodeId) && nodeId >= 0)) {
    refuse(
      'node.id',
      String(nodeId),
      'Missing configuration `node.id` which is required when `process.roles` is defined (i.e. when running in KRaft mode).',
    );
  }
  if (voters.length === 0 && bootstrapServers.length === 0) {
    refuse(
      'controller.quorum.voters',
      '',
      'If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.',
    );
  }
  const names = controllerListenerNames.join();
  const ids = voters.map(({ id }) => id);
  const isVoter = ids.includes(nodeId);
  const set = `controller.quorum.voters=Set(${ids.join(', ')})`;
  if (!roles.has('controller')) {
    if (isVoter) {
      const rule = `If process.roles contains just the 'broker' role, the node id ${nodeId} must not be included in the set of voters ${set}`;
      refuse('process.roles', 'broker', rule);
    }
    const where = 'when running KRaft with just the broker role';
    if (controllerListenerNames.length === 0) {
      refuse('controller.listener.names', names, `must contain at least one value ${where}`);
    }
    if (controllerListeners.length > 0) {
      refuse(
        'controller.listener.names',
        names,
        `must not contain a value appearing in the 'listeners' configuration ${where}`,
      );
    }
    const unknown = controllerListenerNames.find((name) => !protocols.has(name));
    if (unknown !== undefined) {
      const found = `Controller listener with name ${unknown} defined in controller.listener.names not found in listener.security.protocol.map`;
      refuse('controller.listener.names', names, found);
    }
    return;
  }
  const role = 'when running the KRaft controller role';
  if (!roles.has('broker') && controllerListeners.length !== listeners.length) {
    const rule =
      'The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller';
    refuse('listeners', listeners.map(({ listener }) => listener).join(), rule);
  }
  if (voters.length > 0 && !isVoter) {
    const rule = `If process.roles contains the 'controller' role, the node id ${nodeId} must be included in the set of voters ${set}`;
    refuse('node.id', String(nodeId), rule);
  }
  if (controllerListeners.length === 0) {
    refuse(
      'controller.listener.names',
      names,
      `must contain at least one value appearing in the 'listeners' configuration ${role}`,
    );
  }
  if (controllerListeners.length !== new Set(controllerListenerNames).size) {
    refuse(
      'controller.listener.names',
      names,
      `must only contain values appearing in the 'listeners' configuration ${role}`,
    );
  }
  if (advertised.some(({ host }) => host === '0.0.0.0')) {
    refuse('advertised.listeners', '0.0.0.0', 'names no host that others can reach');
  }
  const secured = controllerListeners.find(({ securityProtocol }) => securityProtocol !== 'PLAINTEXT');
  if (secured !== undefined) {
    refuse('listener.security.protocol.map', secured.securityProtocol, 'is not served; only PLAINTEXT is');
  }
  if (roles.has('broker') && controllerListeners.length === listeners.length) {
    const rule =
      'There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?';
    refuse('listeners', listeners.map(({ listener }) => listener).join(), rule);
  }
}
