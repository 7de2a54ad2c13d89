import { Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import type { Invocation } from '../../invocation.js';
import type { LessonsOptions } from '../../lessons/show-lessons.js';

const EXAMPLES = `
Examples:
  ratchet lessons --instrument MNQ --count 20
  ratchet lessons --beside paper/MNQ/v7_20261121_031000/2026-11-20T15:30:00.000Z
Exit codes: 0 answered, 1 Ratchet does not run or knows no such experience, 2 used wrongly.`;

/** `ratchet lessons`: what trades taught, and the past trades most like one. */
export const lessonsCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('lessons')
    .description('show what trades taught, and what became of those that taught it')
    .option('--instrument <id>', 'only this one')
    .option('--count <count>', 'at most so many (10; 5 beside an experience)')
    .option('--beside <experience>', 'the past trades in the situations most like that of this one')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: LessonsOptions) => {
      const { showLessons } = await import('../../lessons/show-lessons.js'); // not for --help
      await showLessons(options, environment, terminal);
      end(exitCodes.done);
    });
