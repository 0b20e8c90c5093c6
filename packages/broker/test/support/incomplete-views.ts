import type { BrokerHost, ControlPlane } from '@biquorum/control-plane';
import { ClusterView } from '@biquorum/metadata';

/** A plane whose views never say that a topic's absence means anything, as in ZooKeeper mode. */
export function withIncompleteViews(plane: ControlPlane): ControlPlane {
  return delegating(plane, {
    async open(host, deadlineMs) {
      const told = delegating<BrokerHost>(host, {
        publish: (delta, view) => host.publish(delta, incomplete(view)),
      });
      return incomplete(await plane.open(told, deadlineMs));
    },
  });
}

function incomplete(view: ClusterView): ClusterView {
  return new ClusterView({ ...view.fields, complete: false });
}

/** An object that answers in the place of another, some members by itself. */
function delegating<T extends object>(target: T, own: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (key in own) return own[key as keyof T];
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
