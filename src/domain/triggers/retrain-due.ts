import type { LearnerStatus } from '../learner/status.js';
import { unheard } from './triggers.js';

/** Whether lived experiences ask for a training now, and why, or why not yet. */
export const retrainDue = ({
  experiences: { fresh, total },
  settings,
  runningTraining,
}: Pick<LearnerStatus, 'experiences' | 'settings' | 'runningTraining'>): { readonly due: boolean; readonly why: string } => {
  const { retrainFrequency, minExperiences } = settings;
  const ofOthers = unheard('experiences', settings);
  if (ofOthers !== null) return { due: false, why: ofOthers };
  if (runningTraining !== null) return { due: false, why: `${runningTraining} runs already` };
  if (retrainFrequency === 0) return { due: false, why: 'auto_retrain.retrain_frequency is 0: experiences ask for no training' };
  const why = `${fresh} of ${retrainFrequency} new experiences, ${total} of ${minExperiences} ever`;
  return { due: fresh >= retrainFrequency && total >= minExperiences, why };
};
