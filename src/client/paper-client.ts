import type { Client } from '@temporalio/client';
import { paperTraderId } from '../domain/ids.js';
import { newPaperTrader, type PaperTraderState } from '../domain/paper/paper-trader.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { lookSignal, paperQuery } from '../workflows/messages/paper-messages.js';
import { paperTrader } from '../workflows/paper-trader.js';
import { askQuery } from './ask-query.js';

const DEADLINE_MS = 10_000;

/** Makes an instrument's paper trader, which is started if need be, look at the market now. Throws what Temporal's client throws. */
export const lookOnPaper = async (client: Client, instrument: string): Promise<void> => {
  await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflow.signalWithStart(paperTrader, {
      workflowId: paperTraderId(instrument),
      taskQueue: taskQueues.orchestration,
      args: [newPaperTrader(instrument)],
      signal: lookSignal,
      staticSummary: `trades ${instrument} on paper`,
    }),
  );
};

/** What an instrument's paper trader has traded. Throws what Temporal's client throws. */
export const paperStatus = (client: Client, instrument: string): Promise<PaperTraderState> =>
  askQuery(client, DEADLINE_MS, () => client.workflow.getHandle<typeof paperTrader>(paperTraderId(instrument)).query(paperQuery));
