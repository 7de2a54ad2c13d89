import { createLearnerClient, type LearnerClient } from '../../client/learner-client.js';
import type { Environment } from '../../config/environment.js';
import type { LearnerStatus } from '../../domain/learner/status.js';
import { namedInstrument } from '../named-instrument.js';
import { runningEndpoints } from '../running.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';

/** Options of the verbs; each has those that it knows. */
export interface VerbOptions {
  readonly instrument?: string;
  readonly full?: boolean;
  readonly now?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

export type LearnerVerb = 'retrain' | 'pause' | 'resume' | 'stop' | 'skip';

/** Tells the learner of an instrument something, and writes its answer in one line. Throws `UsedWrongly`, `NotRunning`, `Refused`, `LearnerMissing`, `NoAnswer`. */
export const tellLearner = async (verb: LearnerVerb, options: VerbOptions, { home }: Environment, { write }: Terminal): Promise<void> =>
  withClient(await runningEndpoints(home), async (client) => {
    const instrument = await namedInstrument(client, options.instrument);
    const { answer, line } = await tell[verb](createLearnerClient({ client }), instrument, options);
    write(options.json === true ? `${JSON.stringify({ instrument, ...answer }, null, 2)}\n` : `${instrument}: ${line}\n`);
  });

interface Told {
  readonly answer: object;
  readonly line: string;
}

const tell: Readonly<Record<LearnerVerb, (learners: LearnerClient, instrument: string, options: VerbOptions) => Promise<Told>>> = {
  async retrain(learners, instrument, { full = false, now = false, reason }) {
    const answer = await learners.retrain(instrument, { full, now, ...(reason === undefined ? {} : { reason }) });
    return { answer, line: `${answer.run} will train${full ? ' from scratch' : ''}; it is trigger ${answer.trigger} of the ledger` };
  },
  async pause(learners, instrument, { reason }) {
    const answer = await learners.pause(instrument, reason);
    const { runningTraining } = answer;
    return { answer, line: `paused${runningTraining === null ? '' : `; ${runningTraining} is checkpointed and waits`}` };
  },
  async resume(learners, instrument) {
    const answer = await learners.resume(instrument);
    return { answer, line: `goes on, ${standing(answer)}` };
  },
  async stop(learners, instrument) {
    const answer = await learners.stop(instrument);
    return { answer, line: `${answer.runningTraining ?? 'the training'} ends at its next checkpoint; nothing starts until ratchet resume` };
  },
  async skip(learners, instrument, { reason }) {
    const answer = await learners.skip(instrument, reason);
    const files = answer.pendingFiles === 0 ? '' : `; ${answer.pendingFiles} files go with the next that arrive`;
    return { answer, line: `what waited was dropped${files}` };
  },
};

const standing = ({ runningTraining, whyNotYet, phase }: LearnerStatus): string =>
  runningTraining === null ? `${phase}${whyNotYet === null ? '' : `: ${whyNotYet}`}` : `${runningTraining} is training`;
