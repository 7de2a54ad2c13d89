import type { ChangeFinding } from './find-change.js';
import type { DriftFinding } from './find-drift.js';

/** What a look for drift has found, at the end of a whole window of sessions. */
export interface DriftLook {
  readonly version: string;
  /** Close of the last bar that the version has learned from, ISO 8601. */
  readonly learnedTo: string;
  /** Close of the window's last bar, ISO 8601. */
  readonly to: string;
  /** Sessions of a window. */
  readonly window: number;
  /** The features of the window against those of the windows that were learned from; null where these are too few. */
  readonly market: DriftFinding | null;
  /** What production does, session by session, on what it has not learned from; null where that is too little. */
  readonly production: ChangeFinding | null;
}

/** That the market, or what production makes of it, is no longer what it was. The same window of the same version has the same id. */
export interface DriftNotice {
  readonly id: string;
  readonly reason: string;
}

/** What a learner is to be told of a look. */
export const noticesOf = ({ version, to, window, market, production }: DriftLook): DriftNotice[] => [
  ...(market?.drifted === true ? [{ id: `${version}/drift/${to}`, reason: describeMarket(market, window, to) }] : []),
  ...(production?.changed === true ? [{ id: `${version}/change/${to}`, reason: describeProduction(production, version, to) }] : []),
];

/** What a look says of the market and of production, alarm or not. */
export const describeLook = ({ version, to, window, market, production }: DriftLook): readonly string[] => [
  market === null
    ? 'the market: too few windows to compare the newest with'
    : `${market.drifted ? 'drift' : 'no drift'}: ${describeMarket(market, window, to)}`,
  production === null
    ? 'production: too few sessions since it has learned, or nothing in them that moves'
    : `${production.changed ? 'change' : 'no change'}: ${describeProduction(production, version, to)}`,
];

const describeMarket = ({ drifted, series, measure, value, usual, pValue, windows }: DriftFinding, window: number, to: string): string =>
  `${series} in the ${window} sessions to ${to.slice(0, 10)} ${drifted ? 'is distributed otherwise than before' : 'differs most from before'}: ${measure} ${value.toPrecision(3)}, usually ${usual.toPrecision(3)}; ${Math.round(pValue * windows)} of ${windows} windows differ as much`;

const describeProduction = (
  { changed, stream, detector, before, after, sessions, since, pValue }: ChangeFinding,
  version: string,
  to: string,
): string =>
  `the ${stream} of ${version} ${changed ? 'has changed' : 'differs most'} in the ${sessions - since} sessions to ${to.slice(0, 10)}: ${after.toPrecision(3)} on average, ${before.toPrecision(3)} in the ${since} before; ${detector} finds as much in ${(100 * pValue).toPrecision(2)} % of other orders of them`;
