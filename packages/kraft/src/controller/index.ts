export { CONTROLLER_API_KEYS } from './apis/index.ts';
export {
  type ConfigLayers,
  type ConfigRules,
  type ControllerSettings,
  DEFAULT_CONTROLLER_SETTINGS,
  type DescribedConfig,
  type QuorumControllerOptions,
} from './options.ts';
export { QuorumController } from './quorum-controller.ts';
export type { Authorize, ControllerRequest } from './request.ts';
