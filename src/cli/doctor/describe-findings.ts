import Table from 'cli-table3';
import type { Finding } from '../../runtime/doctor/finding.js';
import type { Style } from '../terminal/style.js';

/** A table of all findings; under it, what to do. */
export const describeFindings = (findings: readonly Finding[], style: Style): string => {
  const marks = { healthy: style.green('healthy'), warning: style.yellow('warning'), broken: style.red('broken') };
  const table = new Table({ head: ['part', 'version', 'from', 'state'], style: { head: [], border: [], compact: true } });
  for (const { part, version, origin, health } of findings) table.push([part, version ?? '', origin, marks[health]]);
  const advice = findings.flatMap((finding) => (finding.advice === null ? [] : [`${finding.part}: ${finding.advice}`]));
  return [table.toString(), ...(advice.length === 0 ? ['Everything that Ratchet needs is there.'] : advice)].join('\n');
};
