import assert from 'node:assert/strict';
import { createProductionCheckActivities, type ProductionCheck } from '../../../src/activities/checks/production-check.js';
import { openContender } from '../../../src/activities/evaluation/contender.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { asActivity } from '../../support/evaluation/judged-candidate.js';
import { openLiveMarket, place, type LiveMarket } from '../../support/market/live-market.js';
import { testSimulation } from '../../support/market/simulation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('checkProduction', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let minutes: BarSeries;
  before(async () => void ({ bars: minutes } = await testSimulation({ edge: 2, sessions: 45, decisionMinutes: 15 })));

  const check = ({ dependencies }: LiveMarket): Promise<ProductionCheck> =>
    asActivity((request: typeof place) => createProductionCheckActivities(dependencies).checkProduction(request), place);

  it('plays production on the newest days, keeps one look for drift a window, and finds none where nothing drifts', async () => {
    const market = await openLiveMarket(folder(), minutes, { drift: { falseAlarmsPerYear: 20, windowSessions: 4 } });
    const { dependencies, bars, bundle } = market;
    assert.deepEqual(await check(market), { measured: null, health: null, drift: [] });
    const version = await market.produce(26);
    const { measured, health, drift } = await check(market);
    const contender = await openContender(dependencies.artifacts, bundle, bars, dependencies.config.training.environment);
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, contender.firstDecision);
    const lately = sessions.filter(({ to }) => bars.closeTime[to - 1]! > bars.closeTime.at(-1)! - 7 * 86_400_000);
    const played = await backtest({ bars, instrument: dependencies.markets.instrument('SIM'), sessions: lately, ...contender.model });
    await contender.release();
    assert.ok(played.trades.length > 0, 'a policy that does not trade would prove nothing');
    const netReturn = played.sessionReturns.reduce((sum, value) => sum + value, 0);
    assert.deepEqual([measured, health, drift], [{ version, netReturn, days: 7 }, null, []]);

    await check(market);
    const [look, ...others] = await dependencies.registry.driftLooks.list('SIM', 'default');
    assert.ok(look?.market && look.production);
    assert.deepEqual(others, []);
    assert.deepEqual([look.version, look.window, look.market.drifted, look.production.changed], [version, 4, false, false]);
    assert.equal(look.production.sessions, 24, 'whole windows of the 26 sessions since, without the newest, which may still go on');
    assert.equal(look.market.looks.length, 4 * 3, 'every feature by every measure');
    assert.deepEqual(await dependencies.registry.driftLooks.list('SIM', 'Short'), []);
  });

  it('says what ails a version that cannot be played', async () => {
    const market = await openLiveMarket(folder(), minutes);
    const version = await market.produce(5);
    const { artifacts, ...others } = market.dependencies;
    const dependencies = { ...others, artifacts: { ...artifacts, get: () => Promise.reject(Object.assign(new Error('gone'), { name: 'ArtifactMissing' })) } }; // prettier-ignore
    const { measured, health } = await check({ ...market, dependencies });
    assert.deepEqual([measured, health], [null, `${version}: gone`]);
  });
});
