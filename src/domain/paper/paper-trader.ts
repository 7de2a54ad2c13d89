import { markdownTable } from '../markdown.js';

/** What a paper trader knows: plain JSON, and the whole input of its next run. */
export interface PaperTraderState {
  readonly instrument: string;
  readonly bucket: string;
  /** Close of the last bar that was traded, ISO 8601; null before the first session. */
  readonly tradedTo: string | null;
  readonly sessions: number;
  readonly experiences: number;
  /** Of all sessions, as a share of cash. */
  readonly netReturn: number;
  readonly last: PaperRound | null;
}

/** What one look at the market came to. */
export interface PaperRound {
  readonly kind: PaperTraded['kind'];
  readonly summary: string;
  readonly version: string | null;
}

export interface PaperRequest {
  readonly instrument: string;
  readonly bucket: string;
  readonly tradedTo: string | null;
}

/** Sessions that were traded, `more` when some are left; or why there were none. `off`: paper trading is switched off in the configuration. */
export type PaperTraded =
  | {
      readonly kind: 'traded';
      readonly version: string;
      readonly tradedTo: string;
      readonly sessions: number;
      readonly experiences: number;
      readonly netReturn: number;
      readonly more: boolean;
      readonly nextLookMs: number;
    }
  | { readonly kind: 'waiting'; readonly why: string; readonly nextLookMs: number }
  | { readonly kind: 'off' };

/** After a failure, so long until the next look. */
const AFTER_FAILURE_MS = 300_000;

/** A trader that has traded nothing yet. */
export const newPaperTrader = (instrument: string, bucket = 'default'): PaperTraderState => ({
  instrument,
  bucket,
  tradedTo: null,
  sessions: 0,
  experiences: 0,
  netReturn: 0,
  last: null,
});

/** The state after a look at the market. */
export const afterPaperRound = (state: PaperTraderState, traded: PaperTraded): PaperTraderState => {
  switch (traded.kind) {
    case 'traded': {
      const { version, tradedTo, sessions, experiences, netReturn } = traded;
      const summary = `${sessions} sessions up to ${tradedTo}: ${(100 * netReturn).toFixed(2)} % of cash`;
      return {
        ...state,
        tradedTo,
        sessions: state.sessions + sessions,
        experiences: state.experiences + experiences,
        netReturn: state.netReturn + netReturn,
        last: { kind: 'traded', summary, version },
      };
    }
    case 'waiting':
      return { ...state, last: { kind: 'waiting', summary: traded.why, version: state.last?.version ?? null } };
    case 'off':
      return { ...state, last: { kind: 'off', summary: 'paper.enabled is false', version: null } };
  }
};

/** What a look that failed comes to: the next one is made in five minutes. */
export const failedPaperRound = (type: string, message: string): PaperTraded => ({
  kind: 'waiting',
  why: `${type}: ${message}`.slice(0, 500),
  nextLookMs: AFTER_FAILURE_MS,
});

/** How long to wait for the next look, in ms; 0 when more sessions are left, null when there is none. */
export const paperPauseMs = (traded: PaperTraded): number | null =>
  traded.kind === 'off' ? null : traded.kind === 'traded' && traded.more ? 0 : traded.nextLookMs;

/** Phase in the search attributes. */
export const paperPhase = ({ last }: PaperTraderState): string => (last?.kind === 'traded' ? 'paperTrading' : 'waiting');

/** What the Temporal Web UI shows of a paper trader. */
export const paperCard = ({ instrument, tradedTo, sessions, experiences, netReturn, last }: PaperTraderState): string =>
  [
    `### ${instrument}: trading on paper`,
    last?.summary ?? 'about to look at the market',
    markdownTable(
      ['', ''],
      [
        ['version', last?.version ?? 'none'],
        ['traded up to', tradedTo ?? 'nothing yet'],
        ['sessions', String(sessions)],
        ['experiences', String(experiences)],
        ['net return', `${(100 * netReturn).toFixed(2)} % of cash`],
      ],
    ),
  ].join('\n\n');
