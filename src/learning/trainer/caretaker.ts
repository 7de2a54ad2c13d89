import type { TrainingConfig } from '../../config/sections/training.js';
import type { NetworkHealth } from '../../domain/model/network-health.js';
import { columnsOf, joinColumns, restoreColumns, type Columns } from '../columns.js';
import type { Batch, Inspection, Learner, StepResult } from '../learner.js';
import { createHealthMonitor, type HealthMonitor } from '../monitoring/create-health-monitor.js';
import { activityFigures } from '../monitoring/layer-activity.js';
import { createRandom } from '../random.js';
import { TrainingDiverged } from './health.js';

/** Gradient steps from one look at the network to the next. */
export const INSPECT_EVERY = 50;

export interface CaretakerOptions {
  readonly learner: Pick<Learner, 'inspect' | 'recycle'>;
  readonly config: Pick<TrainingConfig, 'seed' | 'agent' | 'recycle'>;
  /** By default one with every check. */
  readonly monitor?: HealthMonitor;
}

/** Looks after a network while it learns. */
export interface Caretaker {
  /** Takes note of a gradient step on a batch. Throws `TrainingDiverged` on the first finding of a health check. */
  learned(gradientStep: number, result: StepResult, batch: Pick<Batch, 'bars' | 'privateState'>): void;
  figures(): NetworkHealth;
  /** As views that hold until the next step. */
  state(): Columns;
  /** The state of an earlier version of Ratchet, which had none, leaves it as it is. */
  restore(state: Columns): void;
}

/**
 * Checks every gradient step, looks at the network every 50, and gives dormant units a new start where `recycle` says so. All that it decides by is in
 * its state or follows from the step's number, so that a resumed training ends with the same bits.
 */
export const createCaretaker = ({
  learner,
  config,
  monitor = createHealthMonitor({ limits: limitsOf(config) }),
}: CaretakerOptions): Caretaker => {
  const { seed, recycle } = config;
  /** The last look's figures in the order of `NAMES`, NaN before the first, then the count of recycled units. */
  const columns = { look: new Float64Array(NAMES.length + 1).fill(NaN, 0, NAMES.length) };
  const { look } = columns;

  const check = (gradientStep: number, figures: Readonly<Record<string, number>>): void => {
    const finding = monitor.observe(figures);
    if (finding !== null) throw new TrainingDiverged(gradientStep, finding);
  };

  return {
    learned(gradientStep, { loss, qLoss, auxiliaryLoss, gradientNorm }, { bars, privateState }) {
      check(gradientStep, { loss, qLoss, auxiliaryLoss, gradientNorm });
      if (recycle.every > 0 && gradientStep % recycle.every === 0)
        look[NAMES.length]! += learner.recycle(bars, privateState, recycle.threshold, createRandom(seed, `recycle/${gradientStep}`));
      if (gradientStep % INSPECT_EVERY !== 0) return;
      const figures = figuresOf(learner.inspect(bars, privateState));
      NAMES.forEach((name, i) => (look[i] = figures[name] ?? NaN));
      check(gradientStep, figures);
    },
    figures() {
      const seen = (name: (typeof NAMES)[number]): number | null => {
        const value = look[NAMES.indexOf(name)]!;
        return Number.isNaN(value) ? null : value;
      };
      return {
        dormantShare: seen('dormantShare'),
        dormantShareOverall: seen('dormantShareOverall'),
        silentShare: seen('silentShare'),
        activationMean: seen('activationMean'),
        activationDeviation: seen('activationDeviation'),
        weightNorm: seen('weightNorm'),
        largestLayerNorm: seen('largestLayerNorm'),
        recycledUnits: look[NAMES.length]!,
      };
    },
    state: () => joinColumns({ caretaker: columns, health: monitor.state() }),
    restore(state) {
      if (Object.keys(columnsOf(state, 'caretaker')).length === 0) return;
      restoreColumns(columns, columnsOf(state, 'caretaker'));
      monitor.restore(columnsOf(state, 'health'));
    },
  };
};

const NAMES = [
  'dormantShare',
  'dormantShareOverall',
  'silentShare',
  'activationMean',
  'activationDeviation',
  'weightNorm',
  'largestLayerNorm',
] as const satisfies readonly (keyof NetworkHealth)[];

const figuresOf = ({ activity, norms }: Inspection): Partial<Record<(typeof NAMES)[number], number>> & Record<string, number> => ({
  ...(activity.length === 0 ? {} : activityFigures(activity)),
  weightNorm: Math.hypot(...Object.values(norms)),
  largestLayerNorm: Math.max(...Object.values(norms)),
});

/** Rewards are scaled to about 1 a bar, so values are some times 1 / (1 - gamma), and an honest loss is at most about ten of that. */
const limitsOf = ({ agent }: CaretakerOptions['config']) => ({ plausibleLoss: 10 / Math.max(1 - agent.gamma, 1e-3) });
