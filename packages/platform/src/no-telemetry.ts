import type { Telemetry } from './telemetry.ts';

/** Telemetry that goes nowhere and costs next to nothing. */
export const noTelemetry: Telemetry = {
  enabled: () => false,
  log: () => {},
  child: () => noTelemetry,
  counter: () => idle,
  gauge: () => idle,
  histogram: () => idle,
};

const idle = { add: (): void => {}, set: (): void => {}, record: (): void => {} };
