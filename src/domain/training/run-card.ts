import { markdownTable } from '../markdown.js';
import { stepOf, type TrainingRun } from './training-run.js';

/** What the Temporal Web UI shows of a training run: Markdown without images or HTML. */
export const runCard = (run: TrainingRun): string =>
  [
    `### ${run.runId}: ${runState(run)}`,
    markdownTable(
      ['', ''],
      [
        ['why', run.full ? `${run.reason} (from scratch)` : run.reason],
        ...(run.begun?.parentRefused === undefined ? [] : [['starts', `from scratch: ${run.begun.parentRefused}`] as const]),
        ...knowledgeLine(run),
        ['dataset', datasetLine(run)],
        ...sharingLines(run),
        ['steps', run.begun === null ? 'not begun' : `${stepOf(run)} of ${run.begun.trainSteps}`],
        ['last chunk', chunkLine(run)],
        ['version', run.version ?? 'none yet'],
        ['decision', run.decision === null ? 'none yet' : `${run.decision.verdict}: ${run.decision.summary}`],
      ],
    ),
    run.decision === null
      ? ''
      : markdownTable(
          ['rule', 'passed', 'why'],
          run.decision.rules.map(({ rule, passed, reason }) => [rule, passed ? 'yes' : 'no', reason]),
        ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

/** One line for the bar of a chunk in the timeline. */
export const chunkSummary = (run: TrainingRun, toStep: number): string =>
  `train ${run.instrument} to step ${toStep} of ${run.begun?.trainSteps ?? '?'}`;

/** One line for a run in lists. */
export const runSummary = ({
  instrument,
  cycle,
  files,
  lists,
  reason,
  plan,
}: Pick<TrainingRun, 'instrument' | 'cycle' | 'files' | 'lists' | 'reason' | 'plan'>): string => {
  const count = files.length + lists.reduce((sum, list) => sum + list.count, 0);
  return (plan === undefined ? `${instrument} training ${cycle}: ${count} new files, ${reason}` : `${instrument}: ${reason}`).slice(0, 180);
};

const knowledgeLine = ({ begun, transfer }: TrainingRun): (readonly [string, string])[] => {
  const settled = transfer?.settled;
  if (settled) {
    const { from, verdict } = settled;
    return [['knowledge', `${verdict.used ? 'of' : 'refused, of'} ${from.bucket} ${from.version}: ${verdict.reason}`]];
  }
  return begun?.source === undefined ? [] : [['knowledge', `of ${begun.source.bucket} ${begun.source.version}`]];
};

const runState = ({ phase, paused, stopping }: TrainingRun): string => {
  if (stopping) return `stopping (${phase})`;
  return paused ? `paused (${phase})` : phase;
};

const datasetLine = ({ dataset }: TrainingRun): string =>
  dataset === null
    ? 'not frozen yet'
    : `${dataset.id.slice(0, 12)}, ${dataset.bars} bars in ${dataset.sessions} sessions, quality ${dataset.quality.toFixed(3)}${dataset.simulated ? ', simulated' : ''}`;

const sharingLines = ({ dataset }: TrainingRun): (readonly [string, string])[] => [
  ...(dataset?.shared ?? []).map(
    ({ instrument, bars, sessions, to }) => ['shared', `${bars} bars of ${instrument} in ${sessions} sessions, until ${to}`] as const,
  ),
  ...(dataset?.leftOut ?? []).map(({ instrument, reason }) => ['not shared', `${instrument}: ${reason}`] as const),
];

const chunkLine = ({ chunk }: TrainingRun): string =>
  chunk === null
    ? 'none yet'
    : `${shown(chunk.stepsPerSecond, 0)} steps/s, loss ${shown(chunk.loss, 4)}, episode return ${shown(chunk.episodeReturn, 5)}, checkpoint ${chunk.checkpoint.slice(0, 12)}`;

const shown = (value: number | null, digits: number): string => (value === null ? 'unknown' : value.toFixed(digits));
