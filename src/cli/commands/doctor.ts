import Table from 'cli-table3';
import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.js';
import { examine } from '../../runtime/doctor/examine.js';
import type { Finding } from '../../runtime/doctor/finding.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { createStyle, type Style } from '../terminal/style.js';
import { streamTerminal } from '../terminal/terminal.js';

/** `ratchet doctor`: one row per part, and what to do about those that are not well. */
export const doctorCommand = (end: (code: ExitCode) => void): Command =>
  new Command('doctor')
    .description('show what is used, in which version, from where, whether it is healthy, and what to do')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', '\nExample:\n  ratchet doctor\nExit codes: 0 all parts run, 1 one is broken.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const environment = readEnvironment();
      const terminal = streamTerminal(process.stdout, environment);
      const findings = await examine(environment);
      terminal.write(json ? `${JSON.stringify(findings, null, 2)}\n` : `${describeFindings(findings, createStyle(terminal.colours))}\n`);
      end(findings.some(({ health }) => health === 'broken') ? exitCodes.failed : exitCodes.done);
    });

/** A table of all findings; under it, what to do. */
export const describeFindings = (findings: readonly Finding[], style: Style): string => {
  const marks = { healthy: style.green('healthy'), warning: style.yellow('warning'), broken: style.red('broken') };
  const table = new Table({ head: ['part', 'version', 'from', 'state'], style: { head: [], border: [], compact: true } });
  for (const { part, version, origin, health } of findings) table.push([part, version ?? '', origin, marks[health]]);
  const advice = findings.flatMap((finding) => (finding.advice === null ? [] : [`${finding.part}: ${finding.advice}`]));
  return [table.toString(), ...(advice.length === 0 ? ['Everything that Ratchet needs is there.'] : advice)].join('\n');
};
