import { check, elapse, equal, eventually, faultOf, within } from './checks.ts';
import { fleetClaim } from './fleet.ts';
import type { Claim } from './kit.ts';

/** How brokers become members, come back and are told apart. */
export const registrationClaims: readonly Claim[] = [
  fleetClaim(
    'an id that a live broker holds is refused to another process, and the first one stays',
    2,
    async (fleet) => {
      const { ports } = fleet.subject;
      await fleet.createTopic('held', 1, 2);
      const first = fleet.node(1);
      const epoch = first.plane.brokerEpoch();
      const second = fleet.boot(1);
      const joining = fleet.open(second, 2_000).then(() => second.plane.enlist(second.process.registration));
      equal(
        (await faultOf(within(ports, joining, 'the second process'), 'the second process')).code,
        'id-taken',
        'code',
      );
      await fleet.close(second);
      await fleet.settle();
      equal(first.plane.brokerEpoch(), epoch, 'epoch of the first');
      equal(first.host.halts, [], 'halts of the first');
      equal(fleet.node(2).host.view?.brokers.get(1)?.fenced, false, 'broker 1 is fenced');
      await fleet.createTopic('still-served', 1, 2);
    },
  ),

  fleetClaim('a closed broker has given its id back, and who takes it gets a larger epoch', 2, async (fleet) => {
    const first = fleet.node(1);
    const before = first.plane.brokerEpoch();
    check(before >= 0, `epoch ${before} of a registered broker`);
    await fleet.close(first);
    const again = fleet.boot(1);
    equal(again.plane.brokerEpoch(), -1, 'epoch before open');
    await fleet.open(again, 1_000);
    await fleet.enlist(again);
    check(again.plane.brokerEpoch() > before, `epoch ${again.plane.brokerEpoch()} after ${before}`);
    await fleet.settle();
    const told = fleet.node(2).host.view?.brokers.get(1);
    check(told?.epoch === null || told?.epoch === again.plane.brokerEpoch(), `others are told epoch ${told?.epoch}`);
  }),

  fleetClaim('a broker whose session expires comes back by itself', 3, async (fleet) => {
    const { ports, traits } = fleet.subject;
    await fleet.createTopic('kept', 6, 3);
    const { plane, host, process, id } = fleet.leaderOf('kept', 0);
    const before = plane.brokerEpoch();
    const { leaderEpoch } = fleet.partition('kept', 0);
    process.expire();
    const moved = (): boolean => fleet.partition('kept', 0).leaderEpoch > leaderEpoch;
    await eventually(ports, moved, 'a new leader epoch');
    const back = (): boolean =>
      fleet.live.every((node) => {
        const broker = node.host.view?.brokers.get(id);
        return broker !== undefined && !broker.fenced && broker.endpoints.length > 0;
      });
    await eventually(ports, back, `broker ${id} in all views`);
    await fleet.settle();
    const after = plane.brokerEpoch();
    check(traits.expiry === 'fenced' ? after >= before : after > before, `epoch ${after} after ${before}`);
    equal(host.halts, [], 'halts');
    const shown = fleet.live.map((node) => node.host.view?.brokers.get(id)?.epoch ?? after);
    check(
      shown.every((epoch) => epoch === after),
      `epochs ${shown} in views, ${after} at the broker`,
    );
  }),

  fleetClaim('a process whose id was taken over changes nothing more', 3, async (fleet) => {
    const { ports } = fleet.subject;
    await fleet.createTopic('fenced', 1, 3);
    const old = fleet.leaderOf('fenced', 0);
    fleet.silence(old);
    await eventually(ports, () => fleet.partition('fenced', 0).leader !== old.id, 'another leader');
    await fleet.join(old.id);
    await fleet.settle();
    const before = fleet.partition('fenced', 0);
    // It pretends to know the newest epochs; only that of its registration is old.
    const theft = fleet.proposal('fenced', 0, [old.id]);
    old.process.hear();
    const outcome = await Promise.race([old.plane.alterPartitions([theft]), elapse(ports, 5_000)]);
    check(!outcome?.[0]?.ok, 'the proposal was accepted');
    equal(fleet.partition('fenced', 0), before, 'partition');
    check(fleet.node(old.id).plane.brokerEpoch() > old.plane.brokerEpoch(), 'the old process got the newer epoch');
  }),

  fleetClaim('open gives up at its deadline and says why', 0, async (fleet) => {
    const { ports, subject } = { ports: fleet.subject.ports, subject: fleet.subject };
    subject.loseController();
    const lonely = fleet.boot(1);
    const startedMs = ports.clock.monotonicMs();
    const opening = fleet.open(lonely, 1_000).then(
      () => undefined,
      (error: unknown) => error,
    );
    const error = await within(ports, opening, 'open');
    check(ports.clock.monotonicMs() - startedMs < 30_000, 'open took more than 30 s with a deadline of 1 s');
    // A mode that needs no controller to open may succeed.
    if (error !== undefined) {
      equal((await faultOf(Promise.reject(error), 'open')).code, 'unreachable', 'code');
    }
    subject.restoreController();
  }),

  fleetClaim('enlist again tells others new endpoints', 2, async (fleet) => {
    const { ports } = fleet.subject;
    const [first] = fleet.node(1).process.registration.endpoints;
    check(first !== undefined, 'a registration without endpoints');
    const moved = { ...first, host: 'moved.example' };
    await within(ports, fleet.node(1).plane.enlist({ endpoints: [moved] }), 'enlist');
    const told = (): boolean =>
      fleet.live.every(({ host }) => host.view?.brokers.get(1)?.endpoints[0]?.host === 'moved.example');
    await eventually(ports, told, 'new endpoints in all views');
  }),
];
