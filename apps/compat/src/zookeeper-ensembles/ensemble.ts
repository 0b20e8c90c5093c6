import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import { javaDirectory, resolveClassPath } from '../java/class-path.ts';
import { until } from '../mixed-cluster/until.ts';
import { type Make, Member } from './member.ts';

/** An ensemble: who runs on each server, numbered from 1. */
export interface EnsemblePlan {
  readonly root: string;
  readonly makes: readonly Make[];
  readonly settings?: Properties;
  /** System properties, as `-D` gives them. */
  readonly system?: readonly string[];
  /** Ids of those that have no voice. */
  readonly observers?: readonly number[];
}

/** Short ticks, so that what waits for a tick does not take long; generous limits, so that a busy machine is no failure. */
const SETTINGS: Properties = {
  tickTime: 500,
  initLimit: 60,
  syncLimit: 40,
  maxSessionTimeout: 60_000,
  maxClientCnxns: 0,
  'admin.enableServer': false,
  '4lw.commands.whitelist': '*',
};

/** An ensemble of servers, each ours or Apache's. */
export class MixedEnsemble implements AsyncDisposable {
  readonly members: readonly Member[];

  private constructor(members: readonly Member[]) {
    this.members = members;
  }

  /** Writes configurations; starts nothing. */
  static async prepare({
    root,
    makes,
    settings = {},
    system = [],
    observers = [],
  }: EnsemblePlan): Promise<MixedEnsemble> {
    const jars = await resolveClassPath(join(javaDirectory, 'zookeeper', 'pom.xml'));
    const free = await freePorts(3 * makes.length);
    const ports = makes.map((_, at) => {
      const [client = 0, quorum = 0, election = 0] = free.slice(3 * at);
      return { client, quorum, election };
    });
    const servers = Object.fromEntries(
      ports.map(({ quorum, election }, at) => [
        `server.${at + 1}`,
        `${LOOPBACK}:${quorum}:${election}:${observers.includes(at + 1) ? 'observer' : 'participant'}`,
      ]),
    );
    return new MixedEnsemble(
      makes.map((make, at) => {
        const own = ports[at] ?? { client: 0, quorum: 0, election: 0 };
        return new Member({
          id: at + 1,
          make,
          directory: join(root, `server-${at + 1}`),
          ports: own,
          settings: {
            ...SETTINGS,
            ...servers,
            ...(observers.includes(at + 1) ? { peerType: 'observer' } : {}),
            clientPort: own.client,
            clientPortAddress: LOOPBACK,
            ...settings,
          },
          system,
          jars,
        });
      }),
    );
  }

  /** Starts servers, all of them by default, at once. */
  async start(ids: readonly number[] = this.members.map(({ id }) => id)): Promise<void> {
    await Promise.all(ids.map((id) => this.member(id).start()));
  }

  member(id: number): Member {
    const member = this.members[id - 1];
    if (member === undefined) throw new Error(`there is no server ${id}`);
    return member;
  }

  /** For clients that may go to any of these servers. */
  connect(ids: readonly number[] = this.members.map(({ id }) => id)): string {
    return ids.map((id) => this.member(id).connect).join(',');
  }

  /** Waits until all servers that run and are awake serve, one of them as the leader. @returns The leader. */
  async untilServing(): Promise<Member> {
    return until(
      'all servers serve',
      async () => {
        const running = this.members.filter(({ isAwake }) => isAwake);
        const modes = await Promise.all(running.map((member) => member.mode()));
        if (modes.includes(undefined)) return undefined;
        const leaders = running.filter((_, at) => modes[at] === 'leader');
        return leaders.length === 1 ? leaders[0] : undefined;
      },
      () => Promise.all(this.members.map(async (member) => [member.id, member.make, await member.mode()])),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }
}
