import { Controller } from './controller/controller.ts';
import type { ControllerHost, ControllerService } from './seam.ts';

/** The controller that every broker carries. */
export function createController(host: ControllerHost): ControllerService {
  return new Controller(host);
}
