import type { Action, PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import { type ErrorName, errorCode, type Init, type MessageCodec } from '@biquorum/kafka-wire';
import { ByteReader } from '@biquorum/std';
import type { Controller } from '../controller.ts';
import { type Failure, Refused } from '../faults.ts';

/** One API: its codecs, what it does, and how it tells of a fault that concerns the whole request. */
export interface ApiDefinition<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  /** What the whole request needs; checked before anything else. */
  readonly needs?: Action['operation'];
  respond(controller: Controller, body: Request, request: PlaneRequest): Promise<Init<Response>>;
  fail(failure: Failure & { readonly code: number }, body: Request, version: number): Init<Response>;
}

/** Serves requests of one key. */
export type Api = (controller: Controller, request: PlaneRequest) => Promise<PlaneReply>;

/** The API as a function from bytes to bytes. */
export function bind<Request, Response>(definition: ApiDefinition<Request, Response>): Api {
  const { request: requestCodec, response: responseCodec, needs, respond, fail } = definition;
  return async (controller, request) => {
    const { apiVersion, context } = request;
    const body = requestCodec.decode(new ByteReader(request.frame, request.bodyOffset), apiVersion);
    const reply = (answer: Init<Response>): PlaneReply => ({
      kind: 'body',
      body: responseCodec.toBytes(answer, apiVersion),
    });
    try {
      if (needs !== undefined && !controller.host.authorize(context, { operation: needs, resource: CLUSTER })) {
        throw new Refused('CLUSTER_AUTHORIZATION_FAILED');
      }
      return reply(await respond(controller, body, request));
    } catch (thrown) {
      const { error, message } = failureOfRequest(controller, thrown);
      return reply(fail({ error, message, code: errorCode(error) }, body, apiVersion));
    }
  };
}

/** The one resource of its type. */
export const CLUSTER: Action['resource'] = { type: 'Cluster', name: 'kafka-cluster' };

/** May whoever asks do this to a topic? */
export function topicPermission(
  { host }: Controller,
  { context }: PlaneRequest,
): (operation: Action['operation'], name: string) => boolean {
  return (operation, name) => host.authorize(context, { operation, resource: { type: 'Topic', name } });
}

/** Names that stand twice or more in a request. */
export function duplicates<T>(items: readonly T[]): Set<T> {
  const seen = new Set<T>();
  const twice = new Set<T>();
  for (const item of items) (seen.has(item) ? twice : seen).add(item);
  return twice;
}

/** What a client is told of something thrown; an unexpected fault is logged and told as Kafka tells it. */
function failureOfRequest(
  { host }: Controller,
  thrown: unknown,
): { readonly error: ErrorName; readonly message: string } {
  if (thrown instanceof Refused) return { error: thrown.error, message: thrown.message };
  host.ports.telemetry.log('error', 'request to the controller failed', { error: thrown as Error });
  return { error: 'UNKNOWN_SERVER_ERROR', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
