import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judge } from '../../../src/domain/gate/judge.js';
import { gateRules } from '../../../src/domain/gate/rules.js';
import type { GateEvidence, GateSettings, Verdict } from '../../../src/domain/gate/types.js';
import { difference, evidence, score, settings } from '../../support/evaluation/gate-evidence.js';

interface Row {
  readonly title: string;
  readonly evidence: Partial<GateEvidence>;
  readonly settings?: Partial<GateSettings>;
  /** The verdict of each profile: simple, balanced, strict. */
  readonly verdicts: readonly [Verdict, Verdict, Verdict];
  /** The rules that fail, of all that there are. */
  readonly fails: readonly string[];
}

const equal = { estimate: 0, lower: 0, upper: 0, confidence: 0.95 };
const cashScore = score({ sharpe: 0, totalReturn: 0, maxDrawdown: 0, trades: 0 });
const baselinesWith = (buyAndHold: number, lower: number, upper: number, drawdown = 0.08): GateEvidence['baselines'] => ({
  cash: { score: cashScore, difference: difference(2, 1, 3) },
  buyAndHold: { score: score({ sharpe: buyAndHold, maxDrawdown: drawdown }), difference: difference(1.5, lower, upper) },
});
const [P, H, R] = ['PROMOTE', 'HOLD', 'REJECT'] as const;

const rows: readonly Row[] = [
  { title: 'clearly better in everything', evidence: {}, verdicts: [P, P, P], fails: [] },
  {
    title: 'equal to production',
    evidence: { candidate: score(), difference: equal },
    verdicts: [R, R, R],
    fails: ['improvement', 'evidence'],
  },
  {
    title: 'worse than production',
    evidence: { candidate: score({ sharpe: 0.5 }), difference: difference(-0.5, -1.5, 0.5) },
    verdicts: [R, R, R],
    fails: ['improvement', 'evidence'],
  },
  {
    title: 'worse than production, on fewer sessions than can prove anything',
    evidence: { sessions: 3, candidate: score({ sharpe: 0.5 }), difference: difference(-1, -1.5, -0.5), stressedReturn: -0.1 },
    verdicts: [H, H, H],
    fails: ['improvement', 'evidence', 'episodes', 'costs'],
  },
  {
    title: 'worse than production on three sessions, and not servable',
    evidence: {
      sessions: 3,
      candidate: score({ sharpe: 0.5 }),
      servable: { loads: false, p99LatencyMs: null, finite: false, commonestActionShare: 0.5 },
    },
    verdicts: [R, R, R],
    fails: ['improvement', 'episodes', 'servable'],
  },
  { title: 'shown worse than production', evidence: { difference: difference(-1, -1.5, -0.5) }, verdicts: [P, R, R], fails: ['evidence'] },
  {
    title: 'better by just what is asked for, not more',
    evidence: { candidate: score({ sharpe: 1.25 }), production: score() },
    settings: { minImprovement: 0.25 },
    verdicts: [H, H, H],
    fails: ['improvement'],
  },
  {
    title: '11 % better by luck',
    evidence: { candidate: score({ sharpe: 1.11 }), difference: difference(0.11, -0.9, 1.1) },
    verdicts: [P, H, H],
    fails: ['evidence'],
  },
  {
    title: 'negative, less so than production',
    evidence: { candidate: score({ sharpe: -0.5 }), production: score({ sharpe: -2 }), stressedReturn: -0.2 },
    verdicts: [P, R, R],
    fails: ['costs'],
  },
  {
    title: 'negative, more so than production',
    evidence: { candidate: score({ sharpe: -2 }), production: score({ sharpe: -0.5 }), difference: difference(-1.5, -2, -1) },
    verdicts: [R, R, R],
    fails: ['improvement', 'evidence'],
  },
  {
    title: 'zero against zero',
    evidence: { candidate: score({ sharpe: 0 }), production: score({ sharpe: 0 }), difference: equal },
    verdicts: [R, R, R],
    fails: ['improvement', 'evidence'],
  },
  {
    title: 'a hair above zero against zero: the floor is the measure',
    evidence: { candidate: score({ sharpe: 0.04 }), production: score({ sharpe: 0 }) },
    verdicts: [H, H, H],
    fails: ['improvement'],
  },
  {
    title: 'not a number, or infinite, as of returns that are all equal',
    evidence: { candidate: score({ sharpe: null }), difference: difference(null, null, null), dsr: null },
    verdicts: [H, H, H],
    fails: ['improvement', 'evidence', 'deflated'],
  },
  {
    title: 'production not a number',
    evidence: { production: score({ sharpe: null }), difference: difference(null, null, null) },
    verdicts: [H, H, H],
    fails: ['improvement', 'evidence'],
  },
  { title: 'three trades only', evidence: { candidate: score({ sharpe: 2, trades: 3 }) }, verdicts: [H, H, H], fails: ['trades'] },
  {
    title: 'no trades: stays in cash',
    evidence: { candidate: cashScore, production: null, difference: equal, stressedReturn: 0 },
    verdicts: [R, R, R],
    fails: ['improvement', 'evidence', 'trades', 'costs'],
  },
  {
    title: 'nine sessions, others having been learned from',
    evidence: { sessions: 9, refused: { count: 3, reason: 'a window from Monday is not clean' } },
    verdicts: [H, H, H],
    fails: ['episodes'],
  },
  { title: 'nine sessions', evidence: { sessions: 9 }, verdicts: [H, H, H], fails: ['episodes'] },
  {
    title: 'first version, proven against cash',
    evidence: { production: null, difference: difference(2, 1, 3) },
    verdicts: [P, P, P],
    fails: [],
  },
  {
    title: 'first version, unproven',
    evidence: { production: null, difference: difference(2, -0.5, 4.5) },
    verdicts: [P, H, H],
    fails: ['evidence'],
  },
  {
    title: 'first version that falls deeper than the market',
    evidence: { production: null, candidate: score({ sharpe: 2, maxDrawdown: 0.11 }) },
    verdicts: [R, R, R],
    fails: ['drawdown'],
  },
  {
    title: 'deeper drawdown than production allows',
    evidence: { candidate: score({ sharpe: 2, maxDrawdown: 0.0701 }) },
    verdicts: [R, R, R],
    fails: ['drawdown'],
  },
  {
    title: 'drawdown within the slack',
    evidence: { candidate: score({ sharpe: 2, maxDrawdown: 0.0699 }) },
    verdicts: [P, P, P],
    fails: [],
  },
  { title: 'earns nothing at twice the costs', evidence: { stressedReturn: 0 }, verdicts: [P, R, R], fails: ['costs'] },
  { title: 'not measured at twice the costs', evidence: { stressedReturn: null }, verdicts: [P, H, H], fails: ['costs'] },
  {
    title: 'not shown better than buy-and-hold',
    evidence: { baselines: baselinesWith(1.9, -0.9, 1.1) },
    verdicts: [P, H, H],
    fails: ['baselines'],
  },
  { title: 'shown worse than buy-and-hold', evidence: { baselines: baselinesWith(4, -3, -1) }, verdicts: [P, R, R], fails: ['baselines'] },
  { title: 'gives up what production was good at', evidence: { forgetting: 0.06 }, verdicts: [P, R, R], fails: ['forgetting'] },
  { title: 'forgetting not measurable', evidence: { forgetting: null }, verdicts: [P, H, H], fails: ['forgetting'] },
  {
    title: 'does not load',
    evidence: { servable: { loads: false, p99LatencyMs: null, finite: false, commonestActionShare: 1 } },
    verdicts: [R, R, R],
    fails: ['servable'],
  },
  {
    title: 'answers too slowly',
    evidence: { servable: { loads: true, p99LatencyMs: 20.1, finite: true, commonestActionShare: 0.4 } },
    verdicts: [R, R, R],
    fails: ['servable'],
  },
  {
    title: 'latency unknown',
    evidence: { servable: { loads: true, p99LatencyMs: null, finite: true, commonestActionShare: 0.4 } },
    verdicts: [H, H, H],
    fails: ['servable'],
  },
  {
    title: 'answers NaN',
    evidence: { servable: { loads: true, p99LatencyMs: 1, finite: false, commonestActionShare: 0.4 } },
    verdicts: [R, R, R],
    fails: ['servable'],
  },
  {
    title: 'collapsed to one action',
    evidence: { servable: { loads: true, p99LatencyMs: 1, finite: true, commonestActionShare: 1 } },
    verdicts: [R, R, R],
    fails: ['servable'],
  },
  {
    title: 'share of actions not a number',
    evidence: { servable: { loads: true, p99LatencyMs: 1, finite: true, commonestActionShare: Number.NaN } },
    verdicts: [R, R, R],
    fails: ['servable'],
  },
  { title: 'lucky among many trials', evidence: { dsr: 0.9, trials: 40, barsNeeded: 5_000 }, verdicts: [P, P, H], fails: ['deflated'] },
  {
    title: 'held by one rule and rejected by another',
    evidence: { candidate: score({ sharpe: 2, trades: 3, maxDrawdown: 0.5 }) },
    verdicts: [R, R, R],
    fails: ['trades', 'drawdown'],
  },
];

describe('judge', () => {
  for (const row of rows)
    it(`gives ${row.verdicts.join(', ')} in simple, balanced, strict to a candidate that is: ${row.title}`, () => {
      const decisions = (['simple', 'balanced', 'strict'] as const).map((profile) =>
        judge(evidence(row.evidence), settings({ ...row.settings, profile })),
      );
      assert.deepEqual(
        decisions.map(({ verdict }) => verdict),
        row.verdicts,
      );
      for (const { rules } of decisions)
        assert.deepEqual(
          rules.filter(({ passed }) => !passed).map(({ rule }) => rule),
          row.fails,
        );
    });

  it('reports every rule in every profile and binds those of the profile', () => {
    const binding = (profile: GateSettings['profile']) =>
      judge(evidence(), settings({ profile }))
        .rules.filter((rule) => rule.binding)
        .map(({ rule }) => rule);
    assert.deepEqual(
      judge(evidence(), settings()).rules.map(({ rule }) => rule),
      Object.keys(gateRules),
    );
    assert.deepEqual(binding('simple'), ['improvement', 'trades', 'episodes', 'drawdown', 'servable']);
    assert.deepEqual(binding('balanced'), [
      'improvement',
      'evidence',
      'trades',
      'episodes',
      'drawdown',
      'costs',
      'baselines',
      'forgetting',
      'servable',
    ]);
    assert.deepEqual(binding('strict'), Object.keys(gateRules));
  });

  it('holds when the bounds were taken at less confidence than the profile asks for', () => {
    const given = evidence({ difference: difference(1, 0.4, 1.6, 0.9) });
    assert.equal(judge(given, settings({ profile: 'balanced' })).verdict, 'PROMOTE');
    assert.equal(judge(given, settings({ profile: 'strict' })).verdict, 'HOLD');
    assert.equal(judge(given, settings({ profile: 'strict', confidence: 0.9 })).verdict, 'PROMOTE');
  });

  it('names the bars that would settle a held difference: the interval shrinks with the square root of the bars', () => {
    const decision = judge(evidence({ difference: difference(0.5, -0.5, 1.5) }), settings());
    assert.equal(decision.barsNeeded, 30_000); // twice the half-width is too much: four times the 10,000 bars
    assert.match(decision.summary, /^Held by evidence: .* About 30,000 more bars would tell\.$/);
  });

  it('waits for the slowest of the rules that hold, and names no number when one cannot', () => {
    const held = { difference: difference(0.5, -0.5, 1.5), candidate: score({ sharpe: 2, trades: 2 }) };
    assert.equal(judge(evidence(held), settings()).barsNeeded, 140_000);
    assert.equal(judge(evidence({ ...held, candidate: score({ sharpe: 2, trades: 0 }) }), settings()).barsNeeded, null);
  });

  it('says in one sentence why it rejected or promoted', () => {
    assert.match(
      judge(evidence(), settings()).summary,
      /^Promoted, all 9 rules passed: Sharpe 2\.00 against 1\.00 of production is an improvement of 100\.0 %/,
    );
    assert.match(judge(evidence({ stressedReturn: -0.01 }), settings()).summary, /^Rejected by costs: Return at 2 × costs is -1\.0 %/);
  });

  it('survives JSON: evidence and decision are plain data, and the decision is recomputed from them', () => {
    const given: unknown = JSON.parse(JSON.stringify(evidence()));
    assert.deepEqual(given, evidence());
    const decision = judge(evidence(), settings());
    assert.deepEqual(JSON.parse(JSON.stringify(decision)), decision);
  });

  it('never gives a better verdict in a stricter profile, and never a better one for a worse lower bound', () => {
    const gravity = { PROMOTE: 0, HOLD: 1, REJECT: 2 };
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, fc.nat(60), (sharpe, estimate, width, loss, trades) => {
        const given = (shift: number) =>
          evidence({
            candidate: score({ sharpe, trades }),
            difference: difference(estimate - shift, estimate - shift - Math.abs(width), estimate - shift + Math.abs(width)),
            forgetting: Math.abs(loss) / 50,
            dsr: Math.abs(loss) / 5,
          });
        const verdicts = (['simple', 'balanced', 'strict'] as const).map(
          (profile) => gravity[judge(given(0), settings({ profile })).verdict],
        );
        assert.ok(verdicts[0]! <= verdicts[1]! && verdicts[1]! <= verdicts[2]!);
        assert.ok(gravity[judge(given(1), settings()).verdict] >= verdicts[1]!);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
