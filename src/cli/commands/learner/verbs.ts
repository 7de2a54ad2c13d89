import { Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import type { Invocation } from '../../invocation.js';
import type { LearnerVerb, VerbOptions } from '../../learner/tell-learner.js';

const CODES = 'Exit codes: 0 done, 1 refused (it says why) or Ratchet does not run, 2 used wrongly.';

interface Described {
  readonly description: string;
  readonly example: string;
  /** Flags beside `--instrument` and `--json`, with what they mean. */
  readonly flags: readonly (readonly [string, string])[];
}

const reason = ['--reason <text>', 'why; it is in the ledger'] as const;

/** What a person may tell a learner. */
const verbs: Readonly<Record<LearnerVerb, Described>> = {
  retrain: {
    description: 'ask for a training: now, or after the one that runs',
    example: 'ratchet retrain --instrument MNQ --full --reason "new contract"',
    flags: [['--full', 'from scratch, not from production'], ['--now', 'also in a blackout'], reason],
  },
  pause: {
    description: 'start no training until `ratchet resume`; one that runs is checkpointed and waits',
    example: 'ratchet pause --instrument MNQ --reason "the machine is needed"',
    flags: [reason],
  },
  resume: { description: 'go on after a pause or a stop', example: 'ratchet resume --instrument MNQ', flags: [] },
  stop: {
    description: 'end the training that runs, without a decision; its files wait, and nothing starts until `ratchet resume`',
    example: 'ratchet stop --instrument MNQ',
    flags: [],
  },
  skip: {
    description: 'drop what waits for a training; its files go with the next that arrive',
    example: 'ratchet skip --instrument MNQ --reason "a broken export"',
    flags: [reason],
  },
};

/** `ratchet retrain`, `pause`, `resume`, `stop` and `skip`: what the learner of an instrument is told, answered in one line. */
export const learnerVerbCommands = (Object.keys(verbs) as LearnerVerb[]).map(
  (verb) =>
    ({ environment, terminal, end }: Invocation): Command => {
      const { description, example, flags } = verbs[verb];
      const command = new Command(verb).description(description).option('--instrument <id>', 'which one, where there are several');
      for (const [flag, meaning] of flags) command.option(flag, meaning);
      return command
        .option('--json', 'the answer as JSON')
        .addHelpText('after', `\nExample:\n  ${example}\n${CODES}`)
        .action(async (options: VerbOptions) => {
          const { tellLearner } = await import('../../learner/tell-learner.js'); // not for --help
          await tellLearner(verb, options, environment, terminal);
          end(exitCodes.done);
        });
    },
);
