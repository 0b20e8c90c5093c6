/**
 * The seam between one broker core and the two ways of governing it.
 *
 * A broker is given a view and told what its replicas must do; it starts ISR changes, producer-id blocks and internal
 * topics; everything that a client or controller asks of the government passes through with its original bytes.
 *
 * @packageDocumentation
 */
export * from './announcement.ts';
export * from './commands.ts';
export * from './configs/config-entry.ts';
export * from './configs/kraft-keys.ts';
export * from './configs/plane-keys.ts';
export * from './configs/zookeeper-keys.ts';
export * from './host.ts';
export * from './identity.ts';
export * from './plane.ts';
export * from './replicas.ts';
export * from './requests.ts';
export { answerWithoutSecurity, type MissingSecurity } from './without-security.ts';
