/**
 * The control plane over any ZooKeeper: a broker's registration and watches, the pushes of a controller, and the
 * controller that every broker carries.
 *
 * @packageDocumentation
 */
export { Controller } from './controller/controller.ts';
export { createController } from './create-controller.ts';

export type { SessionSettings } from './plane/sessions.ts';
export { takeBrokerId } from './plane/take-broker-id.ts';
export { ZooKeeperPlane, type ZooKeeperPlaneConfig } from './plane/zookeeper-plane.ts';
export * from './seam.ts';
export { readZooKeeperSettings, type ZooKeeperSettings, ZooKeeperSettingsError } from './settings.ts';
export { placeReplicas } from './topics/placement.ts';
