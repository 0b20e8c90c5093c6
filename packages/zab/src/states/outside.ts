/** The end of a reason for which a server stays outside until somebody takes its data away and starts it. */
export const START_ANEW = 'this server must start anew, without its data';
/** The end of a reason for which a server stays outside until it is started again. */
export const START_AGAIN = 'this server must start again to follow it';

/** Whether a server that has left a leader for this reason stays outside until somebody does something about it. */
export function keepsOutside(reason: string): boolean {
  return reason.endsWith(START_ANEW) || reason.endsWith(START_AGAIN);
}
