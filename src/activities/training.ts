import type { ChunkRequest, ChunkResult } from '../domain/run-steps.js';

export interface TrainingActivities {
  /** Trains in a process of its own up to `toStep`, from the run's newest good checkpoint. */
  trainChunk(request: ChunkRequest): Promise<ChunkResult>;
}
