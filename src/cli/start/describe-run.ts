import type { Progress } from '../../client/watch-progress.js';
import type { TrainingProgress } from '../../domain/training/training-run.js';
import { bar, duration, figure } from '../terminal/figures.js';

/** What a learner is doing, for a person. */
export interface RunDescription {
  /** Changes whenever something begins that is worth a line of its own. */
  readonly phase: string;
  /** One line without its figures' ever-changing part. */
  readonly text: string;
  /** The same with a bar, for a line that is rewritten. */
  readonly live: string;
}

/** With name and figures it fits into 80 columns. */
const BAR_WIDTH = 12;

/** Heartbeats come every five seconds. */
const SILENT_MS = 20_000;

const DOING = {
  freezing: 'reading the exports into one frozen dataset',
  checking: 'checking the quality of the data',
  transferring: 'measuring what another bucket hands on',
  training: 'training',
  evaluating: 'playing candidate and baselines on the held-out sessions',
  judging: 'judging',
  registering: 'registering the version',
  deploying: 'carrying out the decision',
  canary: 'watching the new production',
  done: 'done',
} as const satisfies Record<TrainingProgress['phase'], string>;

/** Describes a learner and its training. */
export const describeRun = (progress: Progress, nowMs: number): RunDescription => {
  const { learner, training } = progress;
  const described = training === null ? describeWait(progress, nowMs) : describeTraining(progress, training, nowMs);
  const name = training?.dataset?.simulated === true ? `${learner.instrument} (simulated)` : learner.instrument;
  return { phase: described.phase, text: `${name}: ${described.text}`, live: `${name}: ${described.live}` };
};

const describeWait = ({ learner: { phase, whyNotYet, until } }: Progress, nowMs: number): RunDescription => {
  const why = whyNotYet ?? 'about to train';
  const text =
    phase === 'starting'
      ? 'starting'
      : `${phase === 'idle' ? `waiting for new exports (${why})` : why}${until === null ? '' : `, until ${clock(until, nowMs)}`}`;
  // A count that grows is no line of its own.
  return { phase: `${phase} ${why.replace(/\d+/g, '#')} ${until ?? ''}`, text, live: text };
};

const describeTraining = ({ activity }: Progress, training: TrainingProgress, nowMs: number): RunDescription => {
  const { runId, phase, paused, stopping } = training;
  const attempt = activity === null || activity.attempt === 1 ? '' : `, attempt ${activity.attempt}${because(activity.lastFailure)}`;
  const state = paused ? ' (paused)' : stopping ? ' (stopping)' : '';
  const key = `${runId} ${phase}${state}${attempt}`;
  const said = activity?.training ?? null;
  const heardAt = activity?.heardAt ?? null;
  if (heardAt !== null && nowMs - heardAt > SILENT_MS) {
    const ago = duration((nowMs - heardAt) / 1_000);
    const text = `${DOING[phase]}${state}${attempt}: no sign of life for ${ago}; after 1:30 Temporal starts it anew`;
    return { phase: `${key} silent`, text, live: text };
  }
  if (phase !== 'training' || said === null || said.phase === 'starting') {
    const doing = phase === 'training' ? `starting the trainer at step ${figure(training.step)}` : DOING[phase];
    const text = `${doing}${activity?.doing == null ? '' : ` (${activity.doing})`}${state}${attempt}`;
    return { phase: key, text, live: text };
  }
  const step = Math.max(training.step, said.step);
  const steps = training.steps ?? said.trainSteps;
  const rest = steps === null || said.stepsPerSecond === null || said.stepsPerSecond === 0 ? null : (steps - step) / said.stepsPerSecond;
  const percent = steps === null ? null : `${Math.floor((100 * step) / steps)} %`;
  const figures = [
    ...(said.stepsPerSecond === null ? [] : [`${figure(Math.round(said.stepsPerSecond))} steps/s`]),
    ...(said.loss === null ? [] : [`loss ${said.loss.toPrecision(3)}`]),
    ...(rest === null ? [] : [`${duration(rest)} left`]),
    ...(said.phase === 'waiting' ? ['standing still (see the log)'] : []),
  ];
  const position = steps === null || percent === null ? `step ${figure(step)}` : `step ${figure(step)} of ${figure(steps)} (${percent})`;
  const barred = steps === null || percent === null ? 'training' : `${bar(step / steps, BAR_WIDTH)} ${percent}`;
  return {
    phase: `${key} ${said.phase}`,
    text: [`training${state}${attempt}`, position, ...figures].join(', '),
    live: [`${barred}${state}`, `step ${figure(step)}`, ...figures].join(', ') + attempt,
  };
};

const because = (reason: string | null): string => (reason === null ? '' : ` after: ${reason.split('\n')[0] ?? ''}`);

/** The time, with its day when that is not today. */
const clock = (iso: string, nowMs: number): string => {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB');
  return at.toDateString() === new Date(nowMs).toDateString() ? time : `${at.toLocaleDateString('en-CA')} ${time}`;
};
