import { sessionStarts } from './bars.js';
import type { BarSeries } from './bars.js';
import type { DatasetSplit } from './dataset.js';
import type { DataSource } from '../lineage/ancestors.js';

/** How much is held out. */
export interface SplitRule {
  /** Share of sessions, in (0, 1). */
  readonly evaluationFraction: number;
  /** Fewest held-out sessions that can prove anything; when there are fewer than twice as many, half of them are held out. */
  readonly evaluationEpisodes: number;
}

/** How far a decision looks back and its labels look ahead, in bars. */
export interface Reach {
  readonly lookback: number;
  readonly nStep: number;
  readonly hindsightHorizon: number;
  /** Bars after a decision that its auxiliary target is measured over. */
  readonly auxiliaryWindow: number;
  /** Longest horizon that an episode of the bucket may have. */
  readonly largestHorizon: number;
}

/** There are not enough bars to train on some and judge on others. */
export class TooLittleData extends Error {
  override readonly name = 'TooLittleData';
  constructor(
    readonly instrument: string,
    readonly needed: number,
    readonly available: number,
    readonly because: string,
  ) {
    super(`${instrument} needs ${needed} bars, has ${available}: ${because}`);
  }
}

/** Bars to leave unused between training and evaluation: the farthest label, and the window of the first decision that is judged. */
export const purgeBars = ({ lookback, nStep, hindsightHorizon, auxiliaryWindow, largestHorizon }: Reach): number =>
  Math.max(nStep, hindsightHorizon, auxiliaryWindow, largestHorizon) + lookback;

/** The purge of a model that starts from others: as far as it, or any ancestor of it, reaches. Bars are of `frequencyMs`. */
export const purgeWithAncestors = (own: Reach, ancestors: readonly Pick<DataSource, 'reachMs'>[], frequencyMs: number): number =>
  ancestors.reduce((farthest, { reachMs }) => Math.max(farthest, Math.ceil(reachMs / frequencyMs)), purgeBars(own));

/** Newest sessions that are held out: max(ceil(fraction × sessions), min(episodes, half the sessions)). */
export const evaluationSessions = (sessions: number, { evaluationFraction, evaluationEpisodes }: SplitRule): number =>
  Math.max(Math.ceil(evaluationFraction * sessions), Math.min(evaluationEpisodes, Math.floor(sessions / 2)));

/**
 * Splits bars into whole sessions to train on and the newest whole sessions to judge on, at least `purge` bars apart. Of these only sessions from
 * bar `cleanFrom` on are held out, which production has not learned from, as long as enough of them can prove something; otherwise as many as ever.
 * Throws `TooLittleData` when no session that is long enough to learn from would be left to train on.
 */
export const splitDataset = (
  bars: Pick<BarSeries, 'instrument' | 'length' | 'session'>,
  rule: SplitRule,
  purge: number,
  cleanFrom = 0,
): DatasetSplit => {
  const starts = sessionStarts(bars);
  const sessions = starts.length - 1;
  const clean = starts.slice(0, sessions).filter((start) => start >= cleanFrom).length;
  const enough = Math.max(1, Math.min(rule.evaluationEpisodes, Math.floor(sessions / 2)));
  const wanted = evaluationSessions(sessions, rule);
  const held = clean < enough ? wanted : Math.min(wanted, clean);
  const evaluationFrom = starts[sessions - held] ?? 0;
  const trainingTo = starts.findLast((start) => start + purge <= evaluationFrom) ?? 0;
  if (held < 1 || trainingTo <= purge) throw tooLittle(bars, sessions, rule, purge);
  return { training: { from: 0, to: trainingTo }, evaluation: { from: evaluationFrom, to: bars.length }, purgeBars: purge };
};

/** Bars that `splitDataset` needs when sessions have `barsPerSession`: enough for one warmed-up training session, the purge, and what is held out. */
export const neededBars = (barsPerSession: number, rule: SplitRule, purge: number): number => {
  for (let sessions = 2; ; sessions++) {
    const apart = Math.ceil(purge / barsPerSession);
    const training = sessions - evaluationSessions(sessions, rule) - apart;
    if (training * barsPerSession > purge) return sessions * barsPerSession;
  }
};

const tooLittle = (bars: Pick<BarSeries, 'instrument' | 'length'>, sessions: number, rule: SplitRule, purge: number): TooLittleData => {
  const barsPerSession = Math.max(1, Math.ceil(bars.length / Math.max(1, sessions)));
  const needed = Math.max(bars.length + 1, neededBars(barsPerSession, rule, purge));
  const because = `whole sessions of about ${barsPerSession} bars to train on and others to judge on, ${purge} bars apart (lookback and the farthest label)`;
  return new TooLittleData(bars.instrument, needed, bars.length, because);
};
