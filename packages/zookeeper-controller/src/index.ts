/**
 * The control plane over any ZooKeeper: a broker's registration and watches, the pushes of a controller, and the
 * controller that every broker carries.
 *
 * @packageDocumentation
 */
export { Controller } from './controller/controller.ts';
export { createController } from './create-controller.ts';
export { generateBrokerId } from './plane/cluster-znodes.ts';
export type { SessionSettings } from './plane/sessions.ts';
export { ZooKeeperPlane, type ZooKeeperPlaneConfig } from './plane/zookeeper-plane.ts';
export * from './seam.ts';
export { placeReplicas } from './topics/placement.ts';
