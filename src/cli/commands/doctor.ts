import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import { createStyle } from '../terminal/style.js';

/** `ratchet doctor`: one row per part, and what to do about those that are not well. */
export const doctorCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('doctor')
    .description('show what is used, in which version, from where, whether it is healthy, and what to do')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', '\nExample:\n  ratchet doctor\nExit codes: 0 all parts run, 1 one is broken.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const [{ examine }, { describeFindings }] = await Promise.all([
        import('../../runtime/doctor/examine.js'), // not for --help
        import('../doctor/describe-findings.js'),
      ]);
      const findings = await examine(environment);
      terminal.write(json ? `${JSON.stringify(findings, null, 2)}\n` : `${describeFindings(findings, createStyle(terminal.colours))}\n`);
      end(findings.some(({ health }) => health === 'broken') ? exitCodes.failed : exitCodes.done);
    });
