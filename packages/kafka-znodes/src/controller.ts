import { bytesOf, readObject, textOf, toJsonBytes } from './json.ts';
import { ZnodeError } from './znode-error.ts';

/** What `/controller` says. */
export interface ControllerZnode {
  readonly brokerId: number;
  readonly timestampMs: number;
  /** Larger than 0 while a quorum of controllers governs during a migration; −1 otherwise. */
  readonly kraftControllerEpoch: number;
}

/** Writes version 2. Source: Java `ControllerZNode.encode`. */
export function encodeController({ brokerId, timestampMs, kraftControllerEpoch }: ControllerZnode): Uint8Array {
  return toJsonBytes(
    new Map<string, string | number>([
      ['version', 2],
      ['brokerid', brokerId],
      ['timestamp', String(timestampMs)],
      ['kraftControllerEpoch', kraftControllerEpoch],
    ]),
  );
}

/** Reads versions 1 and 2. @throws ZnodeError */
export function decodeController(data: Uint8Array | null): ControllerZnode {
  const reader = readObject('/controller', data);
  return {
    brokerId: reader.int('brokerid'),
    timestampMs: reader.has('timestamp') ? reader.longText('timestamp') : -1,
    kraftControllerEpoch: reader.has('kraftControllerEpoch') ? reader.int('kraftControllerEpoch') : -1,
  };
}

/** Data of `/controller_epoch`. */
export function encodeControllerEpoch(epoch: number): Uint8Array {
  return bytesOf(String(epoch));
}

/** @throws ZnodeError */
export function decodeControllerEpoch(data: Uint8Array | null): number {
  const text = textOf(data);
  if (!/^\d{1,10}$/.test(text)) throw new ZnodeError('/controller_epoch', text, 'no epoch');
  return Number(text);
}
