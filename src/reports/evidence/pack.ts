import type { Costs } from '../../domain/costs.js';
import type { GateDecision, GateEvidence, GateSettings } from '../../domain/gate/types.js';
import { curveOf, thinnedBars, type Curve } from './curves.js';
import { histogramOf, type Histogram } from '../histogram.js';
import type { Played } from './played.js';
import { totalsOf, tradeDifferences, type DifferenceTotal, type TradeDifference } from './trade-differences.js';

/** What was judged, by names and artifact ids. */
export interface EvidenceSubject {
  readonly instrument: string;
  readonly bucket: string;
  readonly run: string | null;
  /** Names of the candidate's version and of that which it was compared with; null for none. */
  readonly version: string | null;
  readonly comparedWith: string | null;
  readonly dataset: string;
  readonly candidate: string;
  readonly production: string | null;
  readonly simulated: boolean;
}

/** How the two did in one kind of market. */
export interface RegimeRow {
  readonly regime: string;
  readonly sessions: number;
  readonly candidate: { readonly totalReturn: number; readonly sharpe: number | null };
  readonly production: RegimeRow['candidate'] | null;
}

/** What one policy paid, in currency. */
export interface CostRow extends Costs {
  readonly who: 'candidate' | 'production' | 'buyAndHold';
  readonly gross: number;
  readonly net: number;
  /** The multiple of the costs at which nothing would be left; null when nothing was paid, or nothing earned. */
  readonly breakEven: number | null;
}

/** Every number behind one decision of the gate: what its page shows, and what can be computed again from the artifacts. */
export interface EvidencePack {
  readonly format: 1;
  /** Artifact id of the evaluation's record, which names the series. */
  readonly record: string;
  /** Version of the product that computed it. */
  readonly madeBy: string;
  readonly subject: EvidenceSubject;
  readonly window: { readonly from: string; readonly to: string };
  readonly settings: GateSettings;
  readonly decision: GateDecision;
  readonly evidence: GateEvidence;
  readonly curves: {
    /** Closes of the bars that the points end at, ISO 8601. */
    readonly times: readonly string[];
    readonly candidate: Curve;
    readonly production: Curve | null;
    readonly buyAndHold: Curve;
  };
  /** Returns by session, the candidate's less production's, or less cash, which earns nothing. */
  readonly differences: Histogram;
  readonly regimes: readonly RegimeRow[];
  readonly costs: readonly CostRow[];
  readonly trades: {
    readonly totals: readonly DifferenceTotal[];
    /** Those that mattered most, with the time of the earlier entry. */
    readonly largest: readonly (TradeDifference & { readonly at: string })[];
  };
}

export interface PackInput extends Pick<EvidencePack, 'record' | 'madeBy' | 'subject' | 'settings' | 'decision' | 'evidence' | 'regimes'> {
  readonly candidate: Played;
  readonly production: Played | null;
  readonly buyAndHold: Played;
  /** Close of each bar that has a return, epoch ms. */
  readonly closeTimes: Float64Array;
  /** Index in `closeTimes` of a bar of a session, by its index in the dataset. */
  readonly placeOf: (session: number, bar: number) => number;
}

const LARGEST = 25;

/** Gathers the numbers of a decision; the same input gives the same pack. */
export const evidencePack = (input: PackInput): EvidencePack => {
  const { record, madeBy, subject, settings, decision, evidence, regimes, candidate, production, buyAndHold, closeTimes, placeOf } = input;
  const at = thinnedBars(closeTimes.length);
  const timeAt = (index: number): string => new Date(closeTimes[index] ?? 0).toISOString();
  const differences = tradeDifferences(candidate.trades, production?.trades ?? []);
  const largest = differences
    .filter(({ kind }) => kind !== 'same')
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, LARGEST);
  const reference = production?.sessionReturns;
  return {
    format: 1,
    record,
    madeBy,
    subject,
    window: { from: timeAt(0), to: timeAt(closeTimes.length - 1) },
    settings,
    decision,
    evidence,
    curves: {
      times: at.map(timeAt),
      candidate: curveOf(candidate.returns, at),
      production: production === null ? null : curveOf(production.returns, at),
      buyAndHold: curveOf(buyAndHold.returns, at),
    },
    differences: histogramOf(candidate.sessionReturns.map((value, session) => value - (reference?.[session] ?? 0))),
    regimes,
    costs: [
      costRow('candidate', candidate),
      ...(production === null ? [] : [costRow('production', production)]),
      costRow('buyAndHold', buyAndHold),
    ],
    trades: {
      totals: totalsOf(differences),
      largest: largest.map((difference) => {
        const { session, entryBar } = earlier(difference);
        return { ...difference, at: timeAt(placeOf(session, entryBar)) };
      }),
    },
  };
};

const costRow = (who: CostRow['who'], { gross, costs, net }: Played): CostRow => {
  const { fee, spread, slippage, impact } = costs;
  const paid = fee + spread + slippage + impact;
  return { who, gross, fee, spread, slippage, impact, net, breakEven: paid > 0 && gross > 0 ? gross / paid : null };
};

const earlier = ({ candidate, production }: TradeDifference): { readonly session: number; readonly entryBar: number } => {
  const first = [candidate, production].flatMap((trade) => (trade === null ? [] : [trade])).sort((a, b) => a.entryBar - b.entryBar);
  return first[0] ?? { session: 0, entryBar: 0 };
};
