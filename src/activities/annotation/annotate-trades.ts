import { annotateByRules } from '../../annotation/annotate-by-rules.js';
import type { TradeFacts, UsualTrade } from '../../annotation/trade-facts.js';
import { tradePath } from '../../annotation/trade-path.js';
import type { BarSeries } from '../../domain/market/bars.js';
import { mergeBars, NoBars } from '../../market/ingest/merge-bars.js';
import type { StoredExperience } from '../../registry/experiences/stored-experience.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { explainByChatModel } from './chat-trades.js';
import { placeTrades } from './place-trades.js';

export interface AnnotationActivities {
  /** Explains some of an instrument's trades that nobody has explained, oldest first; `more` when some are left. What a person says meanwhile stays. */
  annotateTrades(request: { readonly instrument: string }): Promise<{ readonly annotated: number; readonly more: boolean }>;
}

type AnnotationDependencies = Pick<ActivityDependencies, 'registry' | 'config' | 'markets' | 'folders' | 'logger'> & {
  /** Of the chat endpoint; null for one that asks for none. */
  readonly chatKey: string | null;
};

/** Trades of one call. */
const TRADES = 500;
/** Fewest trades that say what is usual. */
const FEWEST = 10;

export const createAnnotationActivities = (dependencies: AnnotationDependencies): AnnotationActivities => ({
  annotateTrades: ({ instrument }) =>
    withHeartbeat(async (doing, signal) => {
      const { registry, config } = dependencies;
      const { annotator } = config.experiences;
      doing('noting the situations of trades');
      await placeTrades(dependencies, instrument);
      if (annotator === 'off') return { annotated: 0, more: false };
      const unexplained = await registry.experiences.unexplained(instrument, TRADES);
      if (unexplained.length === 0) return { annotated: 0, more: false };
      doing(`reading the bars of ${instrument}`);
      const [bars, usual] = await Promise.all([storedBars(dependencies, instrument), usualTrade(dependencies, instrument)]);
      doing(`explaining ${unexplained.length} trades`);
      const trades = unexplained.flatMap((trade) => {
        const facts = tradeFacts(trade, bars);
        return facts === null ? [] : [{ id: trade.id, facts }];
      });
      const annotated =
        annotator === 'chat'
          ? await explainByChatModel(dependencies, { instrument, trades, usual, doing, signal })
          : await registry.experiences.explainNew(
              trades.map(({ id, facts }) => ({ id, insight: annotateByRules(facts, usual) })),
              'rules',
            );
      return { annotated, more: annotated > 0 && (unexplained.length === TRADES || annotated < trades.length) };
    }),
});
const tradeFacts = (
  { tradeOutcome, action, rlConfidence, marketConditions, decisionTime, fill }: StoredExperience,
  bars: BarSeries | null,
): TradeFacts | null => {
  if (tradeOutcome === null || tradeOutcome.action === 'HOLD') return null;
  const { pnl, durationSeconds } = tradeOutcome;
  const side = tradeOutcome.action === 'BUY' ? 1 : -1;
  const held = { decisionMs: Date.parse(decisionTime), durationSeconds, side } as const;
  return {
    side,
    pnl,
    durationSeconds,
    size: Math.abs(action),
    confidence: rlConfidence,
    volatility: marketConditions?.volatility ?? null,
    trend: marketConditions?.trend ?? null,
    path: bars === null || fill === null ? null : tradePath(bars, { ...held, entryPrice: fill.price }),
  };
};

const usualTrade = async ({ registry }: AnnotationDependencies, instrument: string): Promise<UsualTrade | null> => {
  const { trades, durationSeconds, volatility } = await registry.experiences.usualTrade(instrument);
  return trades < FEWEST || durationSeconds === null ? null : { durationSeconds, volatility };
};

const storedBars = async ({ registry, markets, folders }: AnnotationDependencies, instrument: string): Promise<BarSeries | null> => {
  const files = (await registry.files.ofInstrument(instrument)).map(({ report }) => report);
  try {
    const calendar = markets.calendarOf(markets.instrument(instrument));
    return (await mergeBars({ instrument, calendar, barsFolder: folders.bars, files })).bars;
  } catch (error) {
    if (error instanceof NoBars) return null;
    throw error;
  }
};
