/**
 * The control plane over any ZooKeeper: a broker's registration and watches, the pushes of a controller, and the
 * controller that every broker carries.
 *
 * @packageDocumentation
 */
export * from './seam.ts';
