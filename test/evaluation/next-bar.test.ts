import assert from 'node:assert/strict';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import type { BarSeries } from '../../src/domain/market/bars.js';
import type { ComputeFeatures } from '../../src/domain/market/features.js';
import type { ModelBundle } from '../../src/domain/model/model.js';
import { observationSize, PRIVATE_STATE } from '../../src/domain/agent/observation.js';
import { backtest } from '../../src/evaluation/backtest/backtest.js';
import { valuePolicy } from '../../src/evaluation/policies/value-policy.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import { openOnnxNetwork, type OnnxNetwork } from '../../src/learning/inference/onnx-network.js';
import { featureMatrix, fitNormaliser } from '../../src/learning/observation.js';
import { createRandom } from '../../src/learning/random.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { nextClose } from '../support/evaluation/canaries.js';
import { costlyInstrument, randomBars } from '../support/market/random-bars.js';
import { storeModel } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a decision at a bar's close was made on and what it was, and what the bar itself did to the account; all as text, so that bits count. */
interface Trace {
  readonly decisions: ReadonlyMap<number, string>;
  readonly bars: ReadonlyMap<number, string>;
}

describe('a backtest executes on the next bar', () => {
  const folder = temporaryFolder();
  const bars = randomBars({ seed: 6, sessions: 3, barsPerSession: 30 });
  let bundle: ModelBundle;
  let network: OnnxNetwork;
  let config: Awaited<ReturnType<typeof storeModel>>['config']['environment'];

  const open = async (features: readonly string[], compute: ComputeFeatures): Promise<void> => {
    const artifacts = await openFolderStore(folder());
    const environment = { features, lookback: 3, lossLimit: 0.03 };
    const normaliser = fitNormaliser(compute(bars, features), { from: 40, to: bars.length }, 5);
    const model = await storeModel(artifacts, { environment, normaliser });
    config = model.config.environment;
    bundle = readModelBundle(await artifacts.get(model.bundle));
    const observation = observationSize(bundle.observation);
    network = await openOnnxNetwork({ onnx: await artifacts.get(bundle.onnx), observationSize: observation, bins: bundle.bins });
  };
  afterEach(() => network.release());

  const trace = async (series: BarSeries, compute: ComputeFeatures): Promise<Trace> => {
    const { observation, bins, horizon } = bundle;
    const matrix = featureMatrix(compute(series, observation.features), observation.normaliser);
    const size = observationSize(observation);
    let states = new Float32Array(0);
    const values = (observations: Float32Array, count: number) => {
      states = observations.slice();
      return network.answer(observations, count);
    };
    const policy = valuePolicy({ matrix, lookback: observation.lookback, bins, values });
    const decisions = new Map<number, string>();
    const sessions = tradableSessions(series, { from: 0, to: series.length }, 5);
    const run = await backtest({
      bars: series,
      instrument: costlyInstrument,
      config,
      sessions,
      horizon,
      async policy(now, price, quantity) {
        await policy(now, price, quantity);
        for (let lane = 0, row = 0; lane < now.active.length; lane++) {
          if (now.active[lane] === 0) continue;
          const state = states.subarray(row * size, ++row * size);
          const account = now.privateState.subarray(lane * PRIVATE_STATE.length, (lane + 1) * PRIVATE_STATE.length);
          const mask = [now.active[lane]!, now.stopping[lane]!, now.units[lane]!];
          decisions.set(now.bar[lane]!, [...state, '|', ...account, '|', ...mask, '|', price[lane]!, quantity[lane]!].join());
        }
      },
    });
    const lived = new Map<number, string>();
    sessions.forEach(({ from, to }, session) => {
      for (let bar = from + 1; bar < to; bar++) {
        const at = run.offsets[session]! + bar - from - 1;
        const fills = run.trades.flatMap((trade) => [
          ...(trade.entryBar === bar ? [trade.side] : []),
          ...(trade.exitBar === bar ? [trade.exitPrice, trade.net] : []),
        ]);
        lived.set(bar, [run.returns[at]!, run.position[at]!, run.traded[at]!, ...fills].join());
      }
    });
    return { decisions, bars: lived };
  };

  /** The same bars up to `from`, and others from there on. */
  const changedFrom = (from: number, to = bars.length): BarSeries => {
    const random = createRandom(from, 'mutation');
    const changed = structuredClone(bars);
    for (let bar = from; bar < to; bar++) {
      const factor = 0.5 + random.uniform();
      for (const column of ['open', 'high', 'low', 'close'] as const) changed[column][bar]! *= factor;
      changed.volume[bar] = random.integer(2_000);
    }
    return changed;
  };

  /** Bars of which something differs before a bar that was changed. */
  const violations = (honest: Trace, changed: Trace, from: number): string[] => [
    ...[...honest.decisions].filter(([bar, was]) => bar < from && changed.decisions.get(bar) !== was).map(([bar]) => `decision at ${bar}`),
    ...[...honest.bars].filter(([bar, was]) => bar < from && changed.bars.get(bar) !== was).map(([bar]) => `bar ${bar}`),
  ];

  it('changing any one bar, or all from any one on, changes no observation, mask, fill or action of before', async () => {
    await open(['return', 'rsi', 'macd', 'timeOfDay', 'vwapDistance'], computeFeatures);
    const honest = await trace(bars, computeFeatures);
    const actions = new Set([...honest.decisions.values()].map((text) => text.split('|').at(-1)));
    assert.ok(honest.decisions.size > 50 && actions.size > 3, `${honest.decisions.size} decisions, ${[...actions].join(' ')}`);
    let moved = 0;
    for (let bar = 6; bar < bars.length; bar++)
      for (const to of [bar + 1, bars.length]) {
        const changed = await trace(changedFrom(bar, to), computeFeatures);
        assert.deepEqual(violations(honest, changed, bar), [], `bar ${bar}`);
        if (changed.decisions.get(bar) !== honest.decisions.get(bar)) moved++;
      }
    assert.ok(moved > bars.length, 'what is changed must matter from then on, or this proves nothing');
  });

  it('finds a feature that knows the next close by the same change', async () => {
    await open(['return', 'nextClose'], nextClose);
    const [honest, changed] = [await trace(bars, nextClose), await trace(changedFrom(40), nextClose)];
    assert.ok(violations(honest, changed, 40).includes('decision at 39'));
  });
});
