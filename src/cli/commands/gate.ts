import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { ExplainOptions } from '../gate/explain-decision.js';

const EXAMPLES = `
Examples:
  ratchet gate explain          the newest decision
  ratchet gate explain 12       decision 12
  ratchet gate explain --save evidence.html   with its evidence as a page, which "ratchet verify-evidence" checks
Exit codes: 0 answered, 1 there is no such decision or Ratchet does not run, 2 used wrongly.`;

/** `ratchet gate explain`: every rule of a decision, beside what each profile is measured to let through. */
export const gateCommand = ({ environment, terminal, end }: Invocation): Command => {
  const explain = new Command('explain')
    .description('show why the gate decided as it did, and how often each profile is wrong')
    .argument('[decision]', 'number of the decision; the newest unless given')
    .option('--instrument <id>', 'the newest of this one')
    .option('--save <file>', 'write the evidence to a file: a page, or all its numbers where the name ends with .json')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (decision: string | undefined, options: ExplainOptions) => {
      const { explainDecision } = await import('../gate/explain-decision.js'); // not for --help
      await explainDecision(decision, options, environment, terminal);
      end(exitCodes.done);
    });
  return new Command('gate').description('the promotion gate and its decisions').addCommand(explain);
};
