import assert from 'node:assert/strict';
import { judge } from '../../src/domain/gate/judge.js';
import { bootstrapSharpeDifference } from '../../src/evaluation/statistics/bootstrap.js';
import { gateEvidence, type EvidenceOptions } from '../../src/evaluation/evidence.js';
import { sharpe } from '../../src/evaluation/metrics/sharpe.js';
import { createRandom } from '../../src/learning/random.js';
import { backtestOf } from '../support/evaluation/backtest-of.js';
import { settings } from '../support/evaluation/gate-evidence.js';
import { near } from '../support/near.js';
import { pairedReturns } from '../support/evaluation/paired-returns.js';

const PER_SESSION = 20;
const sessions = 60;
const bars = sessions * PER_SESSION;
const series = (candidate: number, reference: number, seed = 1) => {
  const drawn = pairedReturns(createRandom(seed, 'returns'), { bars, correlation: 0.9, candidate, reference });
  return { candidate: drawn.candidate.map((value) => value / 1_000), reference: drawn.reference.map((value) => value / 1_000) };
};
const regimes = Array.from({ length: sessions }, (_, session) => `regime ${session % 9}`);

const options = (candidate: Float64Array, production: Float64Array | null, market = new Float64Array(bars)): EvidenceOptions => ({
  candidate: backtestOf(candidate, PER_SESSION),
  production: production === null ? null : backtestOf(production, PER_SESSION),
  buyAndHold: backtestOf(market, PER_SESSION),
  stressed: backtestOf(candidate.map((value) => value - 1e-6), PER_SESSION), // prettier-ignore
  regimes,
  periodsPerYear: 252 * PER_SESSION,
  trials: { count: 1, sharpes: [] },
  servable: { loads: true, p99LatencyMs: 1, finite: true },
  gate: { profile: 'balanced', minDsr: 0.95 },
  bootstrapReplicates: 300,
  random: createRandom(1, 'evidence'),
});

describe('gateEvidence', () => {
  it('is plain data with every number finite or null, and survives JSON', () => {
    const { candidate, reference } = series(0.1, 0.05);
    const evidence = gateEvidence(options(candidate, reference));
    assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
    assert.equal(evidence.bars, bars);
    assert.equal(evidence.sessions, sessions);
    assert.equal(evidence.candidate.trades, sessions);
    assert.equal(evidence.servable.commonestActionShare, 0.5);
  });

  it('annualises Sharpe ratios, their difference and its bounds', () => {
    const { candidate, reference } = series(0.1, 0.05);
    const evidence = gateEvidence(options(candidate, reference));
    const perBar = bootstrapSharpeDifference({ candidate, reference, replicates: 300, confidence: 0.9, random: createRandom(2, 'other') });
    near(evidence.candidate.sharpe!, sharpe(candidate, 252 * PER_SESSION));
    near(evidence.difference.estimate!, evidence.candidate.sharpe! - evidence.production!.sharpe!);
    near(evidence.difference.lower!, perBar.lower * Math.sqrt(252 * PER_SESSION), 0.1); // another stream of chance
    assert.equal(evidence.difference.confidence, 0.9);
    assert.equal(gateEvidence({ ...options(candidate, null), gate: { profile: 'strict', minDsr: 0.95 } }).difference.confidence, 0.95);
  });

  it('compares a first version with cash and finds nothing forgotten', () => {
    const evidence = gateEvidence(options(series(0.1, 0).candidate, null));
    assert.equal(evidence.production, null);
    assert.deepEqual(evidence.difference, evidence.baselines.cash.difference);
    near(evidence.difference.estimate!, evidence.candidate.sharpe!);
    assert.equal(evidence.forgetting, 0);
    assert.equal(evidence.returnHashes.production, null);
  });

  it('hashes each return series, so that a changed bar shows', () => {
    const { candidate, reference } = series(0.1, 0.05);
    const one = gateEvidence(options(candidate, reference)).returnHashes;
    const other = gateEvidence(options(candidate.with(700, candidate[700]! + 1e-12), reference)).returnHashes;
    assert.notEqual(other.candidate, one.candidate);
    assert.equal(other.production, one.production);
    assert.equal(gateEvidence(options(new Float64Array(bars), null)).returnHashes.candidate, one.cash);
  });

  it('rejects what cannot be judged: no variation, no trades, no difference', () => {
    const verdict = (candidate: Float64Array, production: Float64Array | null) =>
      judge(gateEvidence(options(candidate, production)), settings());
    const reasons = (candidate: Float64Array, production: Float64Array | null) =>
      verdict(candidate, production).rules.filter(({ binding, verdict }) => binding && verdict === 'REJECT').map(({ rule }) => rule); // prettier-ignore
    const { candidate } = series(0.1, 0);
    assert.deepEqual(reasons(candidate, candidate), ['improvement']);
    assert.deepEqual(reasons(new Float64Array(bars), null), ['improvement', 'costs']);
    const infinite = verdict(new Float64Array(bars).fill(0.001), null);
    assert.equal(infinite.verdict, 'HOLD');
    assert.deepEqual(reasons(new Float64Array(bars).fill(-0.001), null), ['drawdown', 'costs']);
  });

  it('refuses backtests of different bars', () => {
    const { candidate } = series(0.1, 0);
    const shorter = backtestOf(candidate.slice(0, bars - PER_SESSION), PER_SESSION);
    assert.throws(
      () => gateEvidence({ ...options(candidate, null), buyAndHold: shorter }),
      /60 and 59 sessions.*expected the same sessions/,
    );
    assert.throws(() => gateEvidence({ ...options(candidate, null), regimes: [] }), /0 regimes for 60 sessions/);
  });

  it('rejects what was evaluated on no bars at all', () => {
    const none = { ...options(new Float64Array(0), null), regimes: [] };
    assert.equal(judge(gateEvidence({ ...none, buyAndHold: none.candidate }), settings()).verdict, 'REJECT');
  });
});
