import type { CreateController } from '../seam.ts';
import { Controller } from './controller.ts';

export { Controller } from './controller.ts';

/** Makes the controller of a broker; nothing happens before it is told of a registration. */
export const createController: CreateController = (host) => new Controller(host);
