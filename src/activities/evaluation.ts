import type { EvaluatedCandidate, EvaluateRequest } from '../domain/run-steps.js';

export interface EvaluationActivities {
  /** Exports the trained model, plays it and production on the held-out bars, and gathers the evidence for the gate. */
  evaluateCandidate(request: EvaluateRequest): Promise<EvaluatedCandidate>;
}
