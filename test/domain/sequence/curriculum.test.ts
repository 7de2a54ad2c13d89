import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gainsByPair, nextInCurriculum, type MeasuredGain } from '../../../src/domain/sequence/curriculum.js';

const gain = (from: string, to: string, gained: number): MeasuredGain => ({ from, to, gain: gained, transfers: 1 });

/** Every order of some names. */
const orders = (names: readonly string[]): string[][] =>
  names.length === 0 ? [[]] : names.flatMap((name) => orders(names.filter((other) => other !== name)).map((rest) => [name, ...rest]));

/** What an order is worth: each bucket gains from the one before it that helps it most, or nothing. */
const worthOf = (order: readonly string[], gains: readonly MeasuredGain[], hope: number): number =>
  order.reduce((sum, to, at) => {
    const gained = order.slice(0, at).map((from) => gains.find((pair) => pair.from === from && pair.to === to)?.gain ?? hope);
    return sum + Math.max(0, ...gained);
  }, 0);

describe('a curriculum', () => {
  it('begins with the first of the list while nothing was measured', () => {
    const step = nextInCurriculum(['A', 'B', 'C'], [], []);
    assert.deepEqual(step, { bucket: 'A', from: null, because: 'none is trained that could hand on to it' });
    assert.equal(nextInCurriculum([], ['A'], []), null);
  });

  it('is followed to the end an order that no other one beats, whatever was measured', () => {
    const names = ['A', 'B', 'C', 'D'];
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
    const measured = fc.array(fc.option(fc.integer({ min: -100, max: 100 })), { minLength: pairs.length, maxLength: pairs.length });
    fc.assert(
      fc.property(measured, (values) => {
        const gains = pairs.flatMap(([from, to], i) => (values[i] == null ? [] : [gain(from, to, values[i])]));
        const chosen: string[] = [];
        while (chosen.length < names.length) {
          const step = nextInCurriculum(names.filter((name) => !chosen.includes(name)), chosen, gains); // prettier-ignore
          assert.ok(step);
          chosen.push(step.bucket);
        }
        const hope = Math.max(0, ...gains.map((pair) => pair.gain)) + 1e-9;
        const best = Math.max(...orders(names).map((order) => worthOf(order, gains, hope)));
        assert.ok(worthOf(chosen, gains, hope) > best - 1e-6, `${chosen.join(' ')} of ${best}`);
      }),
    );
  });

  it('tries what was never measured where no order is known to be better, and says so', () => {
    const back = nextInCurriculum(['A', 'B'], [], [gain('A', 'B', 0.01)]);
    assert.equal(back?.bucket, 'B', 'so that A starts from it, which was never measured');
    const unmeasured = nextInCurriculum(['C'], ['A', 'B'], [gain('A', 'C', 0.01), gain('D', 'E', 0.02)]);
    assert.equal(unmeasured?.because, 'what B hands on to it was never measured; the best that was measured gained +2.000 % of cash');
    const known = nextInCurriculum(['B', 'A'], [], [gain('A', 'B', 0.01), gain('B', 'A', -0.01)]);
    assert.equal(known?.bucket, 'A');
  });

  it('weighs up twelve buckets of which all is known in no time to speak of', () => {
    const names = Array.from({ length: 12 }, (_, i) => `B${i}`);
    const gains = names.flatMap((from, i) => names.filter((to) => to !== from).map((to, j) => gain(from, to, Math.sin(i * 12 + j))));
    assert.notEqual(nextInCurriculum(names, [], gains), null);
  });

  it('refuses more buckets than it can weigh up', () => {
    const many = Array.from({ length: 13 }, (_, i) => `B${i}`);
    assert.throws(() => nextInCurriculum(many, [], []), /a curriculum of 13 buckets: expected at most 12/);
  });
});

describe('gains by pair', () => {
  it('are the means of what was measured', () => {
    const interval = (estimate: number) => ({ estimate, lower: estimate, upper: estimate });
    const transfer = (from: string, to: string, gained: number | null) => ({
      from: { bucket: from, version: 'v1' },
      to,
      effect:
        gained === null
          ? ({ measured: false, reason: 'switched off' } as const)
          : ({ measured: true, seeds: 3, treated: interval(gained), control: interval(0), gain: interval(gained) } as const),
    });
    const recorded = [transfer('A', 'B', 0.5), transfer('A', 'B', null), transfer('A', 'B', 0.25), transfer('B', 'A', -1)];
    assert.deepEqual(gainsByPair(recorded), [
      { from: 'A', to: 'B', gain: 0.375, transfers: 2 },
      { from: 'B', to: 'A', gain: -1, transfers: 1 },
    ]);
  });
});
