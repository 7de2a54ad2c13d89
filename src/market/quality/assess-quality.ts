import { qualityScore } from '../../domain/market/quality.js';
import type { QualityReport } from '../../domain/market/quality.js';
import type { QualityCheck, QualityInput } from './check.js';
import { closedSessionPrints } from './closed-session-prints.js';
import { completeness } from './completeness.js';
import { consistency } from './consistency.js';
import { flatRuns } from './flat-runs.js';
import { malformedLines } from './malformed-lines.js';
import { offTick } from './off-tick.js';
import { spikes } from './spikes.js';

/** Every check that bars go through. */
export const qualityChecks = [
  completeness,
  malformedLines,
  closedSessionPrints,
  consistency,
  offTick,
  spikes,
  flatRuns,
] as const satisfies readonly QualityCheck[];

/** Checks a series of bars against its calendar, its tick size and itself. The score is what `qualityScore` makes of the findings. */
export const assessQuality = (input: QualityInput): QualityReport => {
  const findings = qualityChecks.map(({ name, run }) => ({ check: name, ...run(input) }));
  return { score: qualityScore(findings), bars: input.bars.length, sessions: input.sessions.length, findings, notes: notesOn(input) };
};

const notesOn = ({ bars, calendar, ingested, overlaps }: QualityInput): string[] => {
  const notes: string[] = [];
  const until = calendar.knownUntil;
  if (ingested.repaired > 0) notes.push(`${ingested.repaired} lines were repaired: duplicates dropped, order restored, or padding removed`);
  if (overlaps > 0) notes.push(`${overlaps} bars were replaced by those of a file ingested later`);
  if (until !== null && (bars.closeTime.at(-1) ?? 0) > Date.parse(`${until}T23:59:59Z`)) {
    notes.push(`calendar ${calendar.id} knows holidays until ${until} only: later ones count as missing data`);
  }
  return notes;
};
