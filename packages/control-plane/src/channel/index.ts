/**
 * What planes are built of: how a broker reaches the active controller, whichever node that is, and asks it for changes of
 * its partitions and for producer ids. The requests are the same in both modes.
 *
 * @packageDocumentation
 */
export { AlterPartitions, type AlterPartitionsParts } from './alter-partitions.ts';
export {
  ChannelError,
  type ChannelOptions,
  type ControllerCall,
  ControllerChannel,
  type ControllerSource,
  type KnownController,
} from './controller-channel.ts';
export { Pauses } from './pauses.ts';
export { askProducerIds } from './producer-ids.ts';
