import { markdownTable } from '../markdown.js';
import { transferCells, transferHeads } from '../transfer/table.js';
import { crossHeads, crossRows } from './cross-evaluation.js';
import { sequenceProgress, type BucketResult, type Sequence } from './sequence.js';

/** What the Temporal Web UI shows of a sequence: Markdown without images or HTML. */
export const sequenceCard = (sequence: Sequence): string => {
  const { id, phase, buckets, bucket, runId, underWay, results, failures, across } = sequenceProgress(sequence);
  const training = underWay.map((one) => one.bucket);
  const open = buckets
    .map((one) => one.bucket)
    .filter((name) => [...results.map((ended) => ended.bucket), ...training].every((other) => other !== name));
  const stateOf = (name: string): string => {
    if (failures.some((failure) => failure.bucket === name)) return 'failed';
    if (training.includes(name)) return phase === 'failed' ? 'training' : phase;
    return name === bucket ? phase : 'waits';
  };
  const rows = [...results.map(resultCells), ...[...training, ...open].map((name) => [name, stateOf(name), '', ''])];
  const transfers = results.flatMap(({ result }) => (result.kind !== 'stopped' && result.transfer !== undefined ? [result.transfer] : []));
  return [
    `### ${id}: ${phase}${runId === null ? '' : ` (${runId})`}`,
    ...failures.map(
      (failure) => `${failure.bucket}: ${failure.type}: ${failure.message}; ${failure.advice}. Then send \`resume\`, or \`stop\`.`,
    ),
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

const resultCells = ({ bucket, result, source, because }: BucketResult): readonly string[] => {
  const as = result.kind === 'decided' ? `${result.version}, ${result.verdict}` : result.kind;
  const chosen = because === undefined ? '' : `next because ${because}; `;
  return [bucket, as, source === null ? 'itself' : `${source.bucket} ${source.version}`, `${chosen}${result.summary}`];
};
