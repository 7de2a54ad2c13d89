import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { TrainOptions } from '../train/train-buckets.js';
import { untilStopped } from '../until-stopped.js';

const EXAMPLES = `
Examples:
  ratchet train --instrument MNQ                                     the configured sequence
  ratchet train --sequence Scalping Short --episodes Scalping=50     some buckets, the first for 50 sessions
  ratchet train --bucket Medium --transfer Short                     one bucket, starting with what Short's production knows
  ratchet train --curriculum                                         the configured buckets, in the order that has helped most
  ratchet train --no-transfer --parallel 2                           two at a time, where there are two trainers
  ratchet train --self-test --episodes 20 --sequence Short Medium    whether all of it works on this machine
  ratchet train --resume [--bucket Medium]                           go on where the newest sequence stopped, or from Medium on
Exit codes: 0 started, or with --wait every bucket has been judged, 1 refused, failed or Ratchet does not run, 2 used wrongly.`;

/** `ratchet train`: horizon buckets one after another, while Ratchet runs. */
export const trainCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('train')
    .description('train horizon buckets one after another, each starting with what the one before learned')
    .option('--sequence <buckets...>', 'which, in order: A B C or "A,B,C"; by default as configured')
    .option('--bucket <name>', 'this one alone; with --resume: from this one on')
    .option('--episodes <count>', 'sessions that each trains on: a number, or Scalping=50,Medium=100')
    .option('--transfer <bucket>', 'start the first one from the production of this bucket')
    .option('--no-transfer', 'start each from its own production, or from scratch')
    .option('--curriculum', 'choose the order, and which bucket hands on to which, by what transfers were measured to be worth')
    .option('--parallel <count>', 'train so many at once; with --no-transfer')
    .option('--resume', 'go on with the newest sequence')
    .option('--pause', 'checkpoint the newest sequence and let it wait')
    .option('--stop', 'end the newest sequence')
    .option('--wait', 'follow it to its end')
    .option('--self-test', 'try a short sequence on the simulated market, with a registry of its own that is removed again')
    .option('--instrument <id>', 'which one, where there are several')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TrainOptions) => {
      const { trainBuckets } = await import('../train/train-buckets.js'); // not for --help
      if (options.selfTest === true) {
        const { selfTest } = await import('../train/self-test.js');
        end((await untilStopped((stop) => selfTest(options, environment, terminal, stop))) ? exitCodes.done : exitCodes.failed);
        return;
      }
      const finished = await trainBuckets(options, environment, terminal);
      end(finished ? exitCodes.done : exitCodes.failed);
    });
