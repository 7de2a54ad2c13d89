/**
 * Starts a training from outside and follows it to the gate's decision, against any Temporal: the one that `npm start` runs, or the one that
 * `TEMPORAL_ADDRESS` (or a profile of Temporal's own configuration file) names.
 *
 *   npm run build
 *   TEMPORAL_ADDRESS=127.0.0.1:7233 node dist/examples/start-training.js ES --full --reason "new fee schedule"
 */
import { parseArgs } from 'node:util';
import { connectClient } from '../src/client/connect.js';
import { createLearnerClient } from '../src/client/learner-client.js';
import { onProgress, waitForTraining } from '../src/client/watch-progress.js';
import { learnerSettings } from '../src/config/learner-settings.js';
import { ratchetConfig } from '../src/config/ratchet.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, reason: { type: 'string', default: 'started by examples/start-training' } },
});
const [instrument] = positionals;
if (instrument === undefined) {
  console.error('usage: node dist/examples/start-training.js INSTRUMENT [--full] [--reason TEXT]');
  process.exit(2);
}

const client = connectClient();
const learners = createLearnerClient({ client });
await learners.ensureLearner(instrument, learnerSettings(ratchetConfig.parse({})));

const { lastOutcome } = await learners.status(instrument);
const { run } = await learners.retrain(instrument, { full: values.full, reason: values.reason });
console.log(`${run} will act on it`);

const watching = new AbortController();
const followed = onProgress(
  learners,
  instrument,
  ({ training }) => {
    if (training !== null) console.log(`${training.runId}: ${training.phase}, step ${training.step} of ${training.steps ?? '?'}`);
    return false;
  },
  { everyMs: 2_000, signal: watching.signal },
).catch((error: unknown) => {
  if (!watching.signal.aborted) throw error;
});
const { outcome, decision } = await waitForTraining(learners, instrument, lastOutcome?.runId ?? null);
watching.abort();
await followed;

console.log(decision === null ? `${outcome.runId} ended: ${outcome.kind}: ${outcome.summary}` : `${decision.verdict}: ${decision.summary}`);
await client.connection.close();
