/** What one check found. */
export interface QualityFinding {
  readonly check: string;
  /** Bars (or lines) that are missing or wrong, of how many that were looked at. */
  readonly affected: number;
  readonly of: number;
  /** One sentence with the numbers and what to look at; empty when nothing is affected. */
  readonly message: string;
  /** Up to 20 places, each with its time (ISO 8601) and what is wrong there. */
  readonly examples: readonly string[];
}

/** How far a series of bars can be trusted; plain JSON. */
export interface QualityReport {
  /** 0..1: the product over all checks of 1 - affected / of. */
  readonly score: number;
  readonly bars: number;
  readonly sessions: number;
  readonly findings: readonly QualityFinding[];
  /** What was noticed and costs no score: duplicates that were dropped, a calendar past its end. */
  readonly notes: readonly string[];
}

/** Whether bars may be trained on, and if not, why and what to check. */
export const judgeQuality = (report: QualityReport, threshold: number): { readonly passed: boolean; readonly reason: string } => {
  const worst = report.findings.filter(({ affected }) => affected > 0).sort((a, b) => b.affected / b.of - a.affected / a.of);
  const details = worst.map(({ message }) => message).join(' ');
  if (report.score >= threshold) return { passed: true, reason: `data quality ${report.score.toFixed(4)} is at least ${threshold}` };
  return { passed: false, reason: `data quality ${report.score.toFixed(4)} is below ${threshold}, so nothing is trained. ${details}` };
};

/** The score of findings: the product of the shares that are sound. */
export const qualityScore = (findings: readonly QualityFinding[]): number =>
  findings.reduce((score, { affected, of }) => score * (of > 0 ? Math.max(0, 1 - affected / of) : 1), 1);
