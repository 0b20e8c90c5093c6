import { EngineConfigError, hasMajority, majorityValue, type NodeId } from '@biquorum/consensus';
import type { VerifierChoice } from './options.ts';

/** Says which sets of voters decide; any two that do have a voter in common. */
export interface Verifier {
  readonly voters: readonly NodeId[];
  isQuorum(members: ReadonlySet<NodeId>): boolean;
  /** Who weighs 0 is never elected. */
  weightOf(voter: NodeId): number;
  /** The largest value that a quorum has reached. */
  reached(progressOf: (voter: NodeId) => number): number;
}

/**
 * The quorum rule of an ensemble (ZooKeeper's QuorumMaj and QuorumHierarchical).
 *
 * @throws EngineConfigError when a group names no voter, a voter is in two groups or in none, or a weight cannot be.
 */
export function verifierOf(choice: VerifierChoice, voters: readonly NodeId[]): Verifier {
  return choice.kind === 'majority' ? new Majority(voters) : new Hierarchy(choice.groups, choice.weights, voters);
}

class Majority implements Verifier {
  readonly voters: readonly NodeId[];

  constructor(voters: readonly NodeId[]) {
    this.voters = voters;
  }

  isQuorum(members: ReadonlySet<NodeId>): boolean {
    return hasMajority(this.voters, members);
  }

  weightOf(): number {
    return 1;
  }

  reached(progressOf: (voter: NodeId) => number): number {
    return majorityValue(this.voters.map(progressOf));
  }
}

class Hierarchy implements Verifier {
  readonly voters: readonly NodeId[];
  readonly #groups: readonly (readonly NodeId[])[];
  readonly #weights: Readonly<Record<NodeId, number>>;

  constructor(
    groups: readonly (readonly NodeId[])[],
    weights: Readonly<Record<NodeId, number>>,
    voters: readonly NodeId[],
  ) {
    this.voters = voters;
    this.#weights = weights;
    const placed = new Set<NodeId>();
    for (const member of groups.flat()) {
      if (!voters.includes(member)) throw new EngineConfigError(`groups name server ${member}, which is no voter`);
      if (placed.has(member)) throw new EngineConfigError(`groups name server ${member} twice; one group each`);
      placed.add(member);
    }
    for (const voter of voters) {
      if (!placed.has(voter)) throw new EngineConfigError(`voter ${voter} is in none of the groups; put it into one`);
      const weight = this.weightOf(voter);
      if (!Number.isSafeInteger(weight) || weight < 0)
        throw new EngineConfigError(`weight of server ${voter} is ${weight}; it must be a whole number from 0 on`);
    }
    this.#groups = groups.filter((group) => this.#weightOf(group) > 0);
    if (this.#groups.length === 0) throw new EngineConfigError('no group has any weight; give one voter a weight');
  }

  isQuorum(members: ReadonlySet<NodeId>): boolean {
    const won = this.#groups.filter(
      (group) => 2 * this.#weightOf(group.filter((member) => members.has(member))) > this.#weightOf(group),
    );
    return 2 * won.length > this.#groups.length;
  }

  weightOf(voter: NodeId): number {
    return this.#weights[voter] ?? 1;
  }

  reached(progressOf: (voter: NodeId) => number): number {
    const values = this.voters.map((voter) => [voter, progressOf(voter)] as const).sort((a, b) => b[1] - a[1]);
    const members = new Set<NodeId>();
    for (const [voter, value] of values) {
      members.add(voter);
      if (this.isQuorum(members)) return value;
    }
    return values.at(-1)?.[1] ?? 0;
  }

  #weightOf(members: readonly NodeId[]): number {
    return members.reduce((sum, member) => sum + this.weightOf(member), 0);
  }
}
