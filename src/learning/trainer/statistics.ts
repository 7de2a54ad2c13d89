import type { StepOutcome } from '../environment/outcome.js';
import type { StepResult } from '../learner.js';
import { restoreColumns, type Columns } from '../columns.js';

/** Episodes that the averages reach over. */
const RECENT = 100;
/** Weight of the past in the smoothed losses. */
const SMOOTHING = 0.99;

/** How training goes; null where nothing was seen yet. Returns are shares of cash, averaged over the last 100 episodes. */
export interface TrainingStatistics {
  readonly episodes: number;
  readonly episodeReturn: number | null;
  readonly episodeReturnWithHindsight: number | null;
  /** Mean over deviation of the returns of the last 100 episodes. */
  readonly episodeReturnRiskAdjusted: number | null;
  /** How much the episode return has gained on that of the first 100 episodes, per 100,000 environment steps. */
  readonly sampleEfficiency: number | null;
  /** Share of episodes that made money. */
  readonly winRate: number | null;
  /** Smoothed over about the last 100 gradient steps, as are the following. */
  readonly loss: number | null;
  readonly qLoss: number | null;
  readonly auxiliaryLoss: number | null;
  readonly gradientNorm: number | null;
}

export interface StatisticsKeeper {
  lived(lane: number, outcome: StepOutcome): void;
  learned(result: StepResult): void;
  read(): TrainingStatistics;
  state(): Columns;
  restore(state: Columns): void;
}

/** Running figures of a training with `lanes` parallel episodes; their state is in the checkpoint, so that a resumed run reports the same. */
export const createStatistics = (lanes: number): StatisticsKeeper => {
  const columns = {
    laneReturn: new Float64Array(lanes),
    laneHindsight: new Float64Array(lanes),
    recentReturn: new Float64Array(RECENT),
    recentHindsight: new Float64Array(RECENT),
    /** Episodes ended, gradient steps seen, then the four smoothed figures. */
    figures: new Float64Array(6),
    /** Returns of the first 100 episodes together, and environment steps. */
    early: new Float64Array(2),
  };
  const { laneReturn, laneHindsight, recentReturn, recentHindsight, figures, early } = columns;

  const smooth = (at: number, value: number): void => {
    figures[at] = figures[1] === 0 ? value : SMOOTHING * figures[at]! + (1 - SMOOTHING) * value;
  };

  return {
    lived(lane, { reward, trainingReward, done }) {
      laneReturn[lane]! += reward[lane]!;
      laneHindsight[lane]! += trainingReward[lane]!;
      early[1]!++;
      if (done[lane] === 0) return;
      const slot = figures[0]! % RECENT;
      recentReturn[slot] = laneReturn[lane]!;
      recentHindsight[slot] = laneHindsight[lane]!;
      if (figures[0]! < RECENT) early[0]! += laneReturn[lane]!;
      laneReturn[lane] = laneHindsight[lane] = 0;
      figures[0]!++;
    },
    learned({ loss, qLoss, auxiliaryLoss, gradientNorm }) {
      smooth(2, loss);
      smooth(3, qLoss);
      smooth(4, auxiliaryLoss);
      smooth(5, gradientNorm);
      figures[1]!++;
    },
    read() {
      const [episodes, gradientSteps, loss, qLoss, auxiliaryLoss, gradientNorm] = figures;
      const returns = recentReturn.subarray(0, episodes);
      const smoothed = (value: number | undefined): number | null => (gradientSteps === 0 ? null : (value ?? null));
      return {
        episodes: episodes!,
        episodeReturn: mean(returns),
        episodeReturnWithHindsight: mean(recentHindsight.subarray(0, episodes)),
        episodeReturnRiskAdjusted: riskAdjusted(returns),
        sampleEfficiency: episodes! < RECENT ? null : (1e5 * (mean(returns)! - early[0]! / RECENT)) / early[1]!,
        winRate: mean(returns.map((value) => (value > 0 ? 1 : 0))),
        loss: smoothed(loss),
        qLoss: smoothed(qLoss),
        auxiliaryLoss: smoothed(auxiliaryLoss),
        gradientNorm: smoothed(gradientNorm),
      };
    },
    state: () => columns,
    // A checkpoint of an earlier version says nothing about its first episodes.
    restore: (state) => restoreColumns(columns, { early: new Float64Array(2), ...state }),
  };
};

const mean = (values: Float64Array): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;

/** Null for fewer than two values, and for equal ones. */
const riskAdjusted = (values: Float64Array): number | null => {
  const average = mean(values);
  if (average === null || values.length < 2) return null;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1));
  return deviation > 0 ? average / deviation : null;
};
