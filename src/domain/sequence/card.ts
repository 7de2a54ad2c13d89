import { markdownTable } from '../markdown.js';
import { transferCells, transferHeads } from '../transfer/table.js';
import { crossHeads, crossRows } from './cross-evaluation.js';
import { sequenceProgress, type BucketResult, type Sequence } from './sequence.js';

/** What the Temporal Web UI shows of a sequence: Markdown without images or HTML. */
export const sequenceCard = (sequence: Sequence): string => {
  const { id, phase, buckets, bucket, runId, results, failure, across } = sequenceProgress(sequence);
  const rows = buckets.map(({ bucket: name }, i) => [name, ...(resultCells(results[i]) ?? [name === bucket ? phase : 'waits', '', ''])]);
  const transfers = results.flatMap(({ result }) => (result.kind !== 'stopped' && result.transfer !== undefined ? [result.transfer] : []));
  return [
    `### ${id}: ${phase}${runId === null ? '' : ` (${runId})`}`,
    failure === null ? '' : `${failure.type}: ${failure.message}; ${failure.advice}. Then send \`resume\`, or \`stop\`.`,
    markdownTable(['bucket', 'ended as', 'started from', 'why'], rows),
    transfers.length === 0 ? '' : markdownTable(transferHeads, transfers.map(transferCells)),
    across === undefined || across === null ? '' : markdownTable(crossHeads(across), crossRows(across)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

/** One line for a sequence in lists. */
export const sequenceSummary = ({ instrument, buckets }: Sequence): string =>
  `${instrument}: ${buckets.map(({ bucket }) => bucket).join(' → ')}`.slice(0, 180);

const resultCells = (ended: BucketResult | undefined): readonly string[] | null => {
  if (ended === undefined) return null;
  const { result, source } = ended;
  const as = result.kind === 'decided' ? `${result.version}, ${result.verdict}` : result.kind;
  return [as, source === null ? 'itself' : `${source.bucket} ${source.version}`, result.summary];
};
