import { CancellationScope, condition, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { PaperActivities } from '../activities/paper/paper-trading.js';
import {
  afterPaperRound,
  failedPaperRound,
  paperCard,
  paperPauseMs,
  paperPhase,
  type PaperTraded,
  type PaperTraderState,
} from '../domain/paper/paper-trader.js';
import { activityProfiles } from './activity-profiles.js';
import { causeOf } from './failure-cause.js';
import { lookSignal, paperQuery } from './messages/paper-messages.js';
import { goOnAnew, isOutworn } from './steps/go-on-anew.js';
import { showAttributes, type Shown } from './search-attributes.js';

const { tradeOnPaper } = proxyActivities<PaperActivities>(activityProfiles.paper);

/**
 * Trades an instrument's live model without money on each session that is over, for as long as paper trading is switched on: the experiences are what
 * the learner learns from next. It looks again when it is told to, and at the latest after the configured interval.
 */
export async function paperTrader(initial: PaperTraderState): Promise<PaperTraderState> {
  let state = initial;
  let asked = false;
  let shown: Shown | null = null;
  setHandler(lookSignal, () => void (asked = true), { description: 'Look for new sessions, or a new live version, now.' });
  setHandler(paperQuery, () => state, { description: 'What was traded so far, and what the last look came to.' });
  for (;;) {
    asked = false;
    const traded = await trade(state);
    state = afterPaperRound(state, traded);
    setCurrentDetails(paperCard(state));
    shown = show(state, shown);
    const pauseMs = paperPauseMs(traded);
    if (pauseMs === null) return state;
    if (isOutworn()) await goOnAnew<typeof paperTrader>(state);
    if (pauseMs > 0) await condition(() => asked, pauseMs, { summary: 'until the next look' });
  }
}

const trade = async (state: PaperTraderState): Promise<PaperTraded> => {
  const { instrument, bucket, tradedTo } = state;
  try {
    return await tradeOnPaper.executeWithOptions({ summary: `sessions after ${tradedTo ?? 'the training'}` }, [
      { instrument, bucket, tradedTo },
    ]);
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const { type, message } = causeOf(error);
    return failedPaperRound(type, message);
  }
};

const show = (state: PaperTraderState, before: Shown | null): Shown => {
  const { instrument, bucket } = state;
  const shown: Shown = { instrument, bucket, phase: paperPhase(state), production: state.last?.version ?? null };
  showAttributes(shown, before);
  return shown;
};
