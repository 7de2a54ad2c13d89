const RUN_DIGITS = 6;

/** Workflow id of an instrument's learner: `learner-ES`. */
export const learnerId = (instrument: string): string => `learner-${instrument}`;

/** Workflow id of the explaining of an instrument's trades: `annotate-ES`. */
export const annotationId = (instrument: string): string => `annotate-${instrument}`;

/** Workflow id of an instrument's paper trader: `paper-ES`. */
export const paperTraderId = (instrument: string): string => `paper-${instrument}`;

/** Workflow id, and name everywhere else, of one training run: `train-ES-000042`. Zero-padded, so that lists sort. */
export const trainingRunId = (instrument: string, cycle: number): string =>
  `train-${instrument}-${String(cycle).padStart(RUN_DIGITS, '0')}`;

/** The cycle in the id of a training run, or of a bucket's run within one (`train-ES-000042-Short`); null when the id is not one of this instrument's. */
export const cycleOfRun = (instrument: string, runId: string): number | null => {
  const prefix = `train-${instrument}-`;
  const [, digits] = /^(\d{6,})(?:-[A-Za-z].*)?$/.exec(runId.startsWith(prefix) ? runId.slice(prefix.length) : '') ?? [];
  return digits === undefined ? null : Number(digits);
};

/** Workflow id of an instrument's n-th validation: `validate-ES-000003`. */
export const validationId = (instrument: string, number: number): string =>
  `validate-${instrument}-${String(number).padStart(RUN_DIGITS, '0')}`;

/** The number in a validation's id, or null when the id is not one of this instrument's. */
export const numberOfValidation = (instrument: string, id: string): number | null => {
  const prefix = `validate-${instrument}-`;
  const digits = id.slice(prefix.length);
  return id.startsWith(prefix) && /^\d{6,}$/.test(digits) ? Number(digits) : null;
};

/** Key under which an activity's write of one step of a run is repeated without being done twice: `train-ES-000042/deploy`. */
export const operationKey = (runId: string, step: string): string => `${runId}/${step}`;
