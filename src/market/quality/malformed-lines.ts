import type { QualityCheck } from './check.js';

/** Lines that ingestion could not use. */
export const malformedLines: QualityCheck = {
  name: 'malformed-lines',
  run: ({ ingested: { lines, quarantined } }) => ({
    affected: quarantined,
    of: lines,
    message:
      quarantined === 0
        ? ''
        : `${quarantined} of ${lines} lines are malformed and were not used: see the quarantine for file, line and reason.`,
    examples: [],
  }),
};
