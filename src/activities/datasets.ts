import type { FreezeRequest, FreezeResult } from '../domain/run-steps.js';

export interface DatasetActivities {
  /** Ingests reported files, freezes all bars of the instrument into one dataset, and splits it. Repeating it gives the same dataset. */
  freezeDataset(request: FreezeRequest): Promise<FreezeResult>;
}
