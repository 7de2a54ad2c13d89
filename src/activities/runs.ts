import type { Recollection } from '../domain/learner/recall.js';
import type { BeginRequest, BegunRun, EndRequest } from '../domain/run-steps.js';

export interface RunActivities {
  /** What the registry knows of an instrument. */
  recallInstrument(request: { readonly instrument: string; readonly bucket: string }): Promise<Recollection>;
  /** Records the run, freezes its configuration and claims its next epoch, which fences off every earlier attempt. */
  beginRun(request: BeginRequest): Promise<BegunRun>;
  /** Records how a run ended; the first end of an epoch stays. */
  endRun(request: EndRequest): Promise<void>;
}
