import { createLearnerClient } from '../../client/learner-client.js';
import { listLearners } from '../../client/list-learners.js';
import type { Environment } from '../../config/environment.js';
import { outcomeLine } from '../../domain/learner/card.js';
import type { Ledger, LedgerEntry } from '../../domain/learner/ledger.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { UsedWrongly } from '../exit-codes.js';
import { runningEndpoints } from '../running.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';

export interface LedgerOptions {
  readonly instrument?: string;
  /** A whole number, as it was typed. */
  readonly last?: string;
  readonly json?: boolean;
}

/** Writes what asked for a training and what became of it, of one instrument or of all, newest first. Throws `UsedWrongly`, `NotRunning`, `LearnerMissing`, `NoAnswer`. */
export const showLedger = async (
  { instrument, last = '20', json = false }: LedgerOptions,
  { home }: Environment,
  { write }: Terminal,
): Promise<void> => {
  if (!/^[1-9]\d{0,2}$/.test(last)) throw new UsedWrongly(`--last is ${JSON.stringify(last)}: expected a whole number from 1 to 999`);
  const ledgers = await withClient(await runningEndpoints(home), async (client) => {
    const learners = createLearnerClient({ client, deadlineMs: 10_000 });
    const ids = instrument === undefined ? await listLearners(client) : [instrumentId(instrument)];
    return Promise.all(ids.map(async (id) => ({ instrument: id, ...(await learners.ledger(id)) })));
  });
  write(
    json
      ? `${JSON.stringify(ledgers, null, 2)}\n`
      : `${ledgers.flatMap((ledger) => describe(ledger, Number(last))).join('\n') || 'No instrument has a learner yet.'}\n`,
  );
};

const describe = (
  { instrument, entries, count, actedOn, mergedInto, dropped }: Ledger & { readonly instrument: string },
  last: number,
): string[] => [
  `${instrument}: ${count} triggers, ${actedOn} acted on, ${mergedInto} merged into others, ${dropped} dropped`,
  ...entries.slice(-last).reverse().map(lineOf),
];

const lineOf = ({ number, trigger, at, reason, files, joined = 0, outcome }: LedgerEntry): string =>
  `  ${number} ${at} ${trigger}${files > 0 ? `, ${files} files` : ''}${joined > 0 ? `, and ${joined} more` : ''}: ${reason}; ${outcomeLine(outcome)}`;
