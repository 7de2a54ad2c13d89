import { markdownTable } from '../markdown.js';
import { learnerStatus } from './status.js';
import type { LedgerEntry } from './ledger.js';
import type { LearnerState } from './state.js';

/** What the Temporal Web UI shows of a learner: Markdown without images or HTML. */
export const learnerCard = (state: LearnerState, nowMs: number): string => {
  const status = learnerStatus(state, nowMs);
  return [
    `### ${status.instrument}: ${status.phase}`,
    status.whyNotYet ?? '',
    markdownTable(
      ['', ''],
      [
        ['production', status.production === null ? 'none' : `${status.production.version} (${status.production.role})`],
        ['running', status.runningTraining ?? 'nothing'],
        ['pending files', String(status.pendingFiles)],
        ...(state.experiences.total > 0
          ? [['experiences', `${state.experiences.fresh} new, ${state.experiences.total} in all`] as const]
          : []),
        ['trainings started', String(status.cycle)],
        ['waits until', status.until ?? 'a message'],
        ['last decision', decisionLine(state)],
        ...(state.malformed.count > 0 ? [['malformed messages', `${state.malformed.count}: ${state.malformed.last ?? ''}`] as const] : []),
      ],
    ),
    '**Triggers**',
    markdownTable(['trigger', 'what became of it'], state.ledger.entries.slice(-8).reverse().map(triggerRow)),
    `\`temporal workflow update execute -w learner-${status.instrument} --name retrain --input '{"full":false,"reason":"by hand"}'\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const decisionLine = ({ lastDecision }: LearnerState): string =>
  lastDecision === null ? 'none yet' : `${lastDecision.verdict}: ${lastDecision.summary}`;

const triggerRow = ({ number, trigger, files, joined = 0, reason, outcome }: LedgerEntry): readonly [string, string] => [
  `${number} ${trigger}${files > 0 ? ` (${files} files)` : ''}${joined > 0 ? ` (and ${joined} more)` : ''}`,
  `${reason}: ${outcomeLine(outcome)}`,
];

const helpedLine = (helped: boolean | undefined): string => {
  if (helped === undefined) return '';
  return helped ? ' (helped)' : ' (did not help)';
};

/** A trigger's fate in a few words. */
export const outcomeLine = (outcome: LedgerEntry['outcome']): string => {
  switch (outcome.kind) {
    case 'waiting':
      return 'waiting';
    case 'deferred':
      return `deferred until ${outcome.until} because ${outcome.because}`;
    case 'actedOn':
      return `acted on in ${outcome.run}${outcome.result === null ? '' : `, ${outcome.result}`}${helpedLine(outcome.helped)}`;
    case 'mergedInto':
      return `merged into ${outcome.trigger} (${outcome.run})`;
    case 'dropped':
      return `dropped because ${outcome.because}`;
  }
};
