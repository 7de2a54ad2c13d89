import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { VerifyOptions } from '../gate/verify-file.js';

const EXAMPLES = `
Examples:
  ratchet gate explain 12 --save evidence.html
  ratchet verify-evidence evidence.html
Exit codes: 0 every number is as it was computed, 1 one is not (or an artifact is missing), 2 used wrongly.`;

/** `ratchet verify-evidence`: computes every number of an evidence pack again from the artifacts, without a server. */
export const verifyEvidenceCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('verify-evidence')
    .description('compute every number of a decision’s evidence again from the artifacts, and say each that differs; needs no server')
    .argument('<file>', 'the page or the JSON of an evidence pack')
    .option('--artifacts <folder>', 'where the artifacts are; those of RATCHET_HOME unless given')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: VerifyOptions) => {
      const { verifyFile } = await import('../gate/verify-file.js'); // not for --help
      const isSound = await verifyFile(file, options, environment, terminal);
      end(isSound ? exitCodes.done : exitCodes.failed);
    });
