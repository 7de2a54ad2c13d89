import { moment, number } from '../figures.js';
import { section, table, type Cell } from '../html.js';
import type { EvidencePack } from './pack.js';
import type { Trade } from '../../domain/trade.js';
import type { DifferenceKind } from './trade-differences.js';

const KINDS = {
  same: 'the same trade',
  timing: 'entered or left at another bar',
  size: 'another size',
  price: 'another price',
  opposite: 'the other side',
  candidateOnly: 'only the candidate',
  productionOnly: 'only production',
} as const satisfies Record<DifferenceKind, string>;

/** Which trades differ, what each difference earned, and why they differ. */
export const tradesSection = ({ trades, subject }: EvidencePack): string =>
  section(
    'Trades that differ',
    subject.production === null
      ? 'Nothing proven was in production: every trade is the candidate’s own. Money is in currency, after costs.'
      : 'Each trade of the candidate beside the one of production that overlaps it longest. The effects add up to the difference in profit. Money is in currency, after costs.',
    table(
      ['what differs', 'trades', 'effect'],
      trades.totals.map(({ kind, count, effect }) => [KINDS[kind], number(count, 0), money(effect)]),
    ),
    ...(trades.largest.length === 0
      ? []
      : [
          `<h2>The ${trades.largest.length === 1 ? 'one' : trades.largest.length} that mattered most</h2>`,
          table(
            ['since', 'candidate', 'production', 'effect'],
            trades.largest.map(({ at, candidate, production, effect, why }) => [
              `${moment(at)}: ${why}`,
              tradeText(candidate),
              tradeText(production),
              money(effect),
            ]),
          ),
        ]),
  );

const tradeText = (trade: Trade | null): string =>
  trade === null
    ? '–'
    : `${trade.side > 0 ? 'long' : 'short'} ${number(trade.units, trade.units % 1 === 0 ? 0 : 4)} for ${trade.exitBar - trade.entryBar} bars: ${number(trade.net, 0)}`;

const money = (effect: number): Cell => ({ text: number(effect, 0), tone: effect < 0 ? 'loss' : 'gain' });
