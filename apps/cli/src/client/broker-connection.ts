import { type PeerAddress, PeerChannel, PeerError, type PeerOptions } from '@biquorum/kafka-network';
import {
  decodeResponseHeader,
  FRAME_SIZE_BYTES,
  type Init,
  type MessageCodec,
  ProtocolError,
  requestFrame,
} from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { Network, Timers } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import { CommandFault } from '../command.ts';
import { check } from './kafka-error.ts';

/** A request, its answer, and the versions of them that a caller can make sense of. */
export interface Api<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  readonly lowestVersion?: number;
  readonly highestVersion?: number;
}

/** What a request says; with a function, by the version that both sides know. */
export type Body<Request> = Init<Request> | ((version: number) => Init<Request>);

const API_VERSIONS_VERSION = 3;

/** A connection to one node. Each request goes in the highest version that both sides know. */
export class BrokerConnection {
  readonly #channel: PeerChannel;
  readonly #clientId: string;
  #versions: Promise<ReadonlyMap<number, VersionRange>> | undefined;

  constructor(
    ports: { readonly network: Network; readonly timers: Timers },
    address: PeerAddress,
    { clientId, ...patience }: PeerOptions & { readonly clientId: string },
  ) {
    this.#channel = new PeerChannel(ports, address, patience);
    this.#clientId = clientId;
  }

  /** `host:port`. */
  get address(): string {
    const { host, port } = this.#channel.address;
    return `${host}:${port}`;
  }

  /** @throws PeerError when no answer came, CommandFault when there is no version that both sides know */
  async ask<Request, Response>(api: Api<Request, Response>, body: Body<Request>): Promise<Response> {
    const version = await this.#versionOf(api);
    return this.#exchange(api, version, typeof body === 'function' ? body(version) : body);
  }

  /** Whether the node knows a request in a version that is known here. @throws PeerError when no answer came */
  async offers<Request, Response>({ request }: Api<Request, Response>): Promise<boolean> {
    const theirs = (await this.#known()).get(request.table.apiKey ?? -1);
    return theirs !== undefined && theirs.lowest <= request.highestVersion && theirs.highest >= request.lowestVersion;
  }

  close(): void {
    this.#channel.close();
  }

  async #versionOf<Request, Response>(api: Api<Request, Response>): Promise<number> {
    const { table, lowestVersion, highestVersion } = api.request;
    const theirs = (await this.#known()).get(table.apiKey ?? -1);
    const name = table.name.replace(/Request$/, '');
    if (theirs === undefined) {
      throw new CommandFault(
        `the node at ${this.address} does not answer ${name}. A broker and a controller answer different requests, and older clusters fewer of them.`,
      );
    }
    const highest = Math.min(api.highestVersion ?? highestVersion, theirs.highest);
    const lowest = Math.max(api.lowestVersion ?? lowestVersion, theirs.lowest);
    if (highest >= lowest) return highest;
    throw new CommandFault(
      `the node at ${this.address} answers ${name} in versions ${theirs.lowest} to ${theirs.highest}; from ${api.lowestVersion ?? lowestVersion} to ${api.highestVersion ?? highestVersion} would be understood here.`,
    );
  }

  #known(): Promise<ReadonlyMap<number, VersionRange>> {
    this.#versions ??= this.#askVersions().catch((error: unknown) => {
      this.#versions = undefined;
      throw error;
    });
    return this.#versions;
  }

  async #askVersions(): Promise<ReadonlyMap<number, VersionRange>> {
    const api = { request: apiVersionsRequest, response: apiVersionsResponse };
    const software = { clientSoftwareName: 'biquorum', clientSoftwareVersion: '0' };
    const { errorCode, apiKeys } = await this.#exchange(api, API_VERSIONS_VERSION, software);
    check(`versions of the node at ${this.address}`, errorCode);
    return new Map(
      apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { lowest: minVersion, highest: maxVersion }]),
    );
  }

  async #exchange<Request, Response>(
    { request, response }: Api<Request, Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response> {
    const frame = await this.#channel.request((correlationId) => {
      const whole = requestFrame(request, version, { correlationId, clientId: this.#clientId }, body) as Uint8Array[];
      // The channel writes the size itself.
      return whole.map((segment, index) => (index === 0 ? segment.subarray(FRAME_SIZE_BYTES) : segment));
    });
    try {
      const reader = new ByteReader(frame);
      decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
      return response.decode(reader, version);
    } catch (error) {
      if (error instanceof ProtocolError) throw new PeerError('malformed', this.#channel.address, error);
      throw error;
    }
  }
}

interface VersionRange {
  readonly lowest: number;
  readonly highest: number;
}
