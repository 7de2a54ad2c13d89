import assert from 'node:assert/strict';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAnnotationActivities } from '../../src/activities/annotation/annotate-trades.js';
import { openContender } from '../../src/activities/evaluation/contender.js';
import type { ActivityDependencies } from '../../src/activities/dependencies.js';
import { SITUATION_FEATURES } from '../../src/domain/experience/situation.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { createPaperActivities } from '../../src/activities/paper/paper-trading.js';
import type { BarSeries } from '../../src/domain/market/bars.js';
import type { PaperRequest, PaperTraded } from '../../src/domain/paper/paper-trader.js';
import { backtest } from '../../src/evaluation/backtest/backtest.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { openLiveMarket, place, type LiveMarket } from '../support/market/live-market.js';
import { testSimulation } from '../support/market/simulation.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('tradeOnPaper', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let minutes: BarSeries;
  let dependencies: ActivityDependencies;
  let bars: BarSeries;
  let bundle: string;
  let produce: LiveMarket['produce'];

  before(async () => void ({ bars: minutes } = await testSimulation({ edge: 2, sessions: 24, decisionMinutes: 15 })));

  beforeEach(async () => void ({ dependencies, bars, bundle, produce } = await openLiveMarket(folder(), minutes)));

  const trade = (tradedTo: string | null = null): Promise<PaperTraded> =>
    new MockActivityEnvironment().run((request: PaperRequest) => createPaperActivities(dependencies).tradeOnPaper(request), {
      ...place,
      tradedTo,
    });

  it('lives what the backtest of the same model says, on the sessions that it has not learned from, and once', async () => {
    const version = await produce(12);
    const first = await trade();
    assert.ok(first.kind === 'traded');
    assert.deepEqual([first.version, first.sessions, first.more], [version, 10, true]);
    const second = await trade(first.tradedTo);
    assert.ok(second.kind === 'traded');
    assert.deepEqual([second.sessions, second.more], [2, false]);
    const third = await trade(second.tradedTo);
    assert.ok(third.kind === 'waiting');
    assert.match(third.why, /^no session after 20.* is over yet/);

    const contender = await openContender(dependencies.artifacts, bundle, bars, dependencies.config.training.environment);
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, contender.firstDecision).slice(-12);
    const played = await backtest({ bars, instrument: dependencies.markets.instrument('SIM'), sessions, ...contender.model });
    await contender.release();
    const lived = (await dependencies.registry.experiences.newest('SIM', 10_000)).reverse();
    assert.equal(lived.length, first.experiences + second.experiences);
    assert.deepEqual(
      lived.map(({ reward }) => reward),
      [...played.returns],
    );
    const outcomes = lived.flatMap(({ tradeOutcome }) => (tradeOutcome === null ? [] : [tradeOutcome.pnl]));
    assert.deepEqual(
      outcomes.sort((a, b) => a - b),
      played.trades.map(({ net }) => net).sort((a, b) => a - b),
    );
    assert.ok(outcomes.length > 10, 'a policy that does not trade would prove nothing');
    assert.ok(
      lived.every(
        ({ modelVersion, epsilon, propensity, source }) =>
          modelVersion === version && epsilon === 0 && propensity === 1 && source === 'paper',
      ),
    );

    assert.deepEqual(await trade(), first, 'a repeat is the same');
    assert.equal((await dependencies.registry.experiences.statistics('SIM')).total, lived.length);
  });

  it('is explained by rules, each trade by lessons that cite its numbers, and what a person said stays', async () => {
    await produce(12);
    await trade();
    const { experiences } = dependencies.registry;
    const [first, ...others] = await experiences.unexplained('SIM', 1_000);
    assert.ok(first !== undefined && others.length >= 5);
    const said = { reasoning: 'the report came out', lessonsLearned: ['mind the calendar'] };
    await experiences.explain(first.id, said, 'operator');
    const activities = createAnnotationActivities({ ...dependencies, chatKey: null });
    const annotate = () =>
      new MockActivityEnvironment().run((request: { instrument: string }) => activities.annotateTrades(request), place);
    assert.deepEqual(await annotate(), { annotated: others.length, more: false });
    assert.deepEqual(await annotate(), { annotated: 0, more: false });
    assert.deepEqual((await experiences.get(first.id))?.insight, said);
    const { values } = computeFeatures(bars, SITUATION_FEATURES);
    const barOf = new Map(Array.from(bars.closeTime, (time, bar) => [time, bar]));
    for (const { id, decisionTime, tradeOutcome } of others) {
      const bar = barOf.get(Date.parse(decisionTime))!;
      const expected = values.slice(bar * SITUATION_FEATURES.length, (bar + 1) * SITUATION_FEATURES.length);
      assert.deepEqual((await experiences.situationOf(id))?.features, expected, 'as of the bar of its decision');
      const explained = await experiences.get(id);
      assert.equal(explained?.annotatedBy, 'rules');
      const { reasoning, lessonsLearned } = explained.insight ?? assert.fail(id);
      assert.ok(reasoning.includes(Math.abs(tradeOutcome?.pnl ?? NaN).toFixed(2)), reasoning);
      assert.ok(lessonsLearned.length > 0 && lessonsLearned.every((lesson) => reasoning.includes(lesson)), reasoning);
    }
  });

  it('explores when it is told to, with the propensity of each choice, and the same again', async () => {
    dependencies = { ...dependencies, config: { ...dependencies.config, paper: { ...dependencies.config.paper, epsilon: 0.3 } } };
    await produce(3);
    const first = await trade();
    assert.deepEqual(await trade(), first);
    const lived = await dependencies.registry.experiences.newest('SIM', 10_000);
    const branch = [0.7 + 0.3 / 5, 0.3 / 5];
    const possible = branch.flatMap((one) => branch.map((other) => (one * other).toFixed(12)));
    const seen = new Set(lived.map(({ propensity }) => propensity!.toFixed(12)));
    for (const one of seen) assert.ok(possible.includes(one), one);
    assert.equal(seen.size, 3);
  });

  it('waits where nothing is live or stored, and ends where it is switched off', async () => {
    const nothing = await trade();
    assert.ok(nothing.kind === 'waiting');
    assert.equal(nothing.why, 'no version is live');
    dependencies = { ...dependencies, config: { ...dependencies.config, paper: { ...dependencies.config.paper, enabled: false } } };
    assert.deepEqual(await trade(), { kind: 'off' });
  });
});
