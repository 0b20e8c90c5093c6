export {
  type ConfigLayers,
  type ConfigRules,
  type ControllerSettings,
  DEFAULT_CONTROLLER_SETTINGS,
  type DescribedConfig,
  type QuorumControllerOptions,
} from './options.ts';
export type { Authorize, ControllerRequest } from './request.ts';
