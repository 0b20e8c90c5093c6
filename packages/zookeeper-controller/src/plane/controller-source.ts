import type { ControllerSource, KnownController } from '@biquorum/control-plane/channel';
import { endpointOn, NO_LEADER } from '@biquorum/metadata';
import type { ViewChain } from './view-chain.ts';

/**
 * The active controller as a broker was told last: the one that pushed its view. Source: Java
 * `NodeToControllerChannelManager` over `ZkMetadataCache.getControllerId`.
 */
export function controllerOf(chain: ViewChain, listener: string): ControllerSource {
  return {
    controller(): KnownController | undefined {
      const { view } = chain;
      const { controller } = view.fields;
      if (controller === 'any-broker' || controller === NO_LEADER) return undefined;
      const broker = view.brokers.get(controller);
      const endpoint = broker === undefined ? undefined : endpointOn(broker, listener);
      return { id: controller, endpoint };
    },
    onChange: (changed) => {
      let last = chain.view.fields.controller;
      return chain.onStep(() => {
        const now = chain.view.fields.controller;
        if (now === last) return;
        last = now;
        changed();
      });
    },
  };
}
