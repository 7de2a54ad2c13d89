import assert from 'node:assert/strict';
import { horizonInput } from '../../../src/domain/agent/private-state.js';
import { createNStep } from '../../../src/learning/replay/n-step.js';
import {
  decodeLivedDecisions,
  emptyLivedDecisions,
  encodeLivedDecisions,
  joinLivedDecisions,
  type LivedDecisions,
} from '../../../src/learning/replay/lived-decisions.js';
import { livedTransitions } from '../../../src/learning/replay/lived-transitions.js';
import { createReplayBuffer } from '../../../src/learning/replay/replay-buffer.js';
import { createRandom } from '../../../src/learning/random.js';
import { smallEnvironment, smallTrainingConfig } from '../../support/learning/small-training.js';
import { randomBars } from '../../support/market/random-bars.js';

const bars = randomBars({ seed: 12, sessions: 6, barsPerSession: 40 });
const config = smallTrainingConfig({ parallelEpisodes: 1, nStep: 1, environment: { lossLimit: 0.002 } });
const SCALE = 321;

/** Lives every session at random: what the environment tells a trainer, and what a paper trader would have reported of the same. */
const lived = () => {
  const environment = smallEnvironment(config);
  const { now, sessions } = environment;
  const replay = createReplayBuffer({ capacity: 1_000, batchSize: 4, alpha: null, volatility: () => 0 });
  const nStep = createNStep({ lanes: 1, steps: 1, gamma: config.agent.gamma, replay });
  const random = createRandom(1, 'test');
  const decisions = emptyLivedDecisions(1_000);
  let count = 0;
  for (let session = 0; session < sessions.length; session++) {
    environment.reset(0, session);
    while (now.active[0] === 1) {
      const [price, quantity, bar] = [random.integer(21), random.integer(11), now.bar[0]!];
      decisions.decidedAt[count] = bars.closeTime[bar]!;
      decisions.privateState.set(now.privateState, 4 * count);
      decisions.price[count] = price;
      decisions.quantity[count] = quantity;
      decisions.emphasis[count] = 1 + (count % 3);
      nStep.decide(0, bar, now.privateState, 0, price, quantity);
      const { reward, trainingReward, done } = environment.step(Int32Array.of(price), Int32Array.of(quantity));
      decisions.nextPrivateState.set(now.privateState, 4 * count);
      decisions.reward[count] = reward[0]!;
      decisions.done[count] = done[0]!;
      nStep.arrive(0, trainingReward[0]! * SCALE, done[0] === 1, now.bar[0]!, now.privateState, 0);
      count++;
    }
  }
  return { decisions: first(decisions, count), columns: replay.columns, count, sessions };
};

const first = (all: LivedDecisions, count: number): LivedDecisions => ({
  decidedAt: all.decidedAt.slice(0, count),
  privateState: all.privateState.slice(0, 4 * count),
  nextPrivateState: all.nextPrivateState.slice(0, 4 * count),
  price: all.price.slice(0, count),
  quantity: all.quantity.slice(0, count),
  reward: all.reward.slice(0, count),
  done: all.done.slice(0, count),
  emphasis: all.emphasis.slice(0, count),
});

describe('livedTransitions', () => {
  it('gives what the environment gives a trainer that lives the same, hindsight and ends of sessions included', () => {
    const { decisions, columns, count, sessions } = lived();
    assert.ok(
      decisions.done.reduce((sum, done) => sum + done, 0) >= sessions.length && count < 6 * 39,
      'some sessions must end by their loss',
    );
    const made = livedTransitions(decodeLivedDecisions(encodeLivedDecisions(decisions)), { bars, sessions, config, rewardScale: SCALE });
    assert.equal(made.count, count);
    for (const name of ['bar', 'nextBar', 'price', 'quantity', 'discount'] as const)
      assert.deepEqual(made.columns[name].slice(0, count), columns[name].slice(0, count), name);
    for (const name of ['privateState', 'nextPrivateState'] as const)
      assert.deepEqual(made.columns[name].slice(0, 4 * count), columns[name].slice(0, 4 * count), name);
    for (let i = 0; i < count; i++)
      assert.ok(Math.abs(made.columns.reward[i]! - columns.reward[i]!) < 1e-4, `${i}: ${made.columns.reward[i]} ${columns.reward[i]}`);
    assert.deepEqual(made.emphasis.slice(0, count), decisions.emphasis);
  });

  it('places what was decided in another market at the bars of that, in its own sessions', () => {
    const { decisions, count, sessions } = lived();
    const joined = decodeLivedDecisions(encodeLivedDecisions(joinLivedDecisions(decisions, [null, decisions])));
    const of = { bars, config, rewardScale: SCALE };
    const alone = livedTransitions(decisions, { ...of, sessions });
    const others = [5_000, 7_000].map((offset) => ({ bars, sessions: sessions.slice(0, 4), offset }));
    const both = livedTransitions(joined, { ...of, sessions, others });
    const shared = livedTransitions(decisions, { ...of, sessions: sessions.slice(0, 4) }).count;
    assert.deepEqual([both.count, alone.count], [count + shared, count]);
    for (const [name, offset] of [
      ['bar', 7_000],
      ['nextBar', 7_000],
      ['price', 0],
      ['reward', 0],
      ['discount', 0],
    ] as const)
      // prettier-ignore
      for (let i = 0; i < count + shared; i++)
        assert.equal(both.columns[name][i], i < count ? alone.columns[name][i] : alone.columns[name][i - count]! + offset, `${name} ${i}`);
    assert.deepEqual(livedTransitions(joined, { ...of, sessions }).count, count, 'none of a market that is not there');
  });

  it('lets what is left of others weigh no more than what is left of the own, and nothing where that is none', () => {
    const { decisions, sessions } = lived();
    const joined = joinLivedDecisions(decisions, [decisions]);
    const play = (own: typeof sessions) =>
      livedTransitions(joined, { bars, sessions: own, config, rewardScale: SCALE, others: [{ bars, sessions, offset: 5_000 }] });
    const { count, columns, emphasis } = play(sessions.slice(0, 2));
    const weightOf = (of: (bar: number) => boolean) =>
      emphasis.slice(0, count).reduce((sum, one, row) => (of(columns.bar[row]!) ? sum + one : sum), 0);
    const own = weightOf((bar) => bar < 5_000);
    const first = livedTransitions(decisions, { bars, sessions: sessions.slice(0, 2), config, rewardScale: SCALE });
    assert.deepEqual(emphasis.slice(0, first.count), first.emphasis.slice(0, first.count));
    assert.ok(count > 2 * first.count && Math.abs(weightOf((bar) => bar >= 5_000) / own - 1) < 1e-9);
    assert.equal(play([]).count, 0);
  });

  it('leaves out what was decided in sessions that judge, at bars that are not there, and by what the training does not know', () => {
    const { decisions, sessions } = lived();
    const options = { bars, config, rewardScale: SCALE };
    const barsOf = (all: LivedDecisions, training = sessions): number[] => {
      const { count, columns } = livedTransitions(all, { ...options, sessions: training });
      return [...columns.bar.subarray(0, count)];
    };
    const everything = barsOf(decisions);
    const training = sessions.slice(0, 4);
    const { to } = training.at(-1)!;
    assert.deepEqual(
      barsOf(decisions, training),
      everything.filter((bar) => bar < to),
    );
    assert.ok(barsOf(decisions, training).length < everything.length);
    const changed = (change: (all: LivedDecisions) => void): number[] => {
      const all = first(decisions, decisions.decidedAt.length);
      change(all);
      return barsOf(all);
    };
    const rest = everything.slice(1);
    assert.deepEqual(
      changed(({ decidedAt }) => void decidedAt.fill(decidedAt[0]! + 1, 0, 1)),
      rest,
    );
    assert.deepEqual(
      changed(({ price }) => void price.fill(21, 0, 1)),
      rest,
    );
    assert.deepEqual(
      changed(({ quantity }) => void quantity.fill(11, 0, 1)),
      rest,
    );
    assert.deepEqual(
      changed(({ privateState }) => void privateState.fill(horizonInput(6), 3, 4)),
      rest,
    );
    assert.deepEqual(
      changed(() => undefined),
      everything,
    );
  });
});

describe('joinLivedDecisions', () => {
  const weight = ({ emphasis, market }: LivedDecisions, wanted: (market: number) => boolean): number =>
    emphasis.reduce((sum, one, i) => sum + (wanted(market?.[i] ?? 0) ? one : 0), 0);

  it('emphasises others less where together they would weigh more than the own ones, and never more', () => {
    const { decisions, count } = lived();
    const few = first(decisions, 10);
    const outnumbered = joinLivedDecisions(few, [decisions, few]);
    assert.deepEqual([outnumbered.decidedAt.length, outnumbered.market?.[9], outnumbered.market?.[10], outnumbered.market?.at(-1)], [count + 20, 0, 1, 2]); // prettier-ignore
    assert.deepEqual(outnumbered.emphasis.slice(0, 10), few.emphasis);
    const own = weight(outnumbered, (market) => market === 0);
    assert.ok(Math.abs(weight(outnumbered, (market) => market > 0) / own - 1) < 1e-9);
    assert.deepEqual(joinLivedDecisions(decisions, [few]).emphasis.slice(count), few.emphasis);
  });

  it('is the own decisions, to the byte, where no other market has any', () => {
    const { decisions } = lived();
    assert.deepEqual(encodeLivedDecisions(joinLivedDecisions(decisions, [null])), encodeLivedDecisions(decisions));
  });
});
