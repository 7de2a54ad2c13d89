/** Numbers of one gradient step, or of a look at the network, by name. What a check reads and does not find says nothing to it. */
export type Figures = Readonly<Record<string, number>>;

/** What is too much. Factors are against what was usual before. */
export interface HealthLimits {
  /** Steps in the balance, bad minus good, that make a fault of what one step alone may show by chance. */
  readonly patience: number;
  /** Steps before anything counts as usual. */
  readonly warmUp: number;
  /** Times the usual gradient norm that is an explosion. */
  readonly explosion: number;
  /** Share of the usual gradient norm below which nothing is learned any more. */
  readonly vanishing: number;
  /** Times the usual loss that is divergence, where it is also beyond `plausibleLoss`. */
  readonly divergence: number;
  /** A loss up to this can be honest: for rewards of about 1 a step, 1 / (1 - gamma). */
  readonly plausibleLoss: number;
  /** Share of dormant units in a layer that is a collapse. */
  readonly dormantShare: number;
}

export const healthLimits: HealthLimits = {
  patience: 30,
  warmUp: 100,
  explosion: 1_000,
  vanishing: 1e-5,
  divergence: 50,
  plausibleLoss: 100,
  dormantShare: 0.9,
};

/** What is wrong: which figure, how large, and what was expected. */
export interface Fault {
  readonly figure: string;
  readonly value: number;
  readonly expected: string;
}

/** One way in which learning goes wrong: what was seen so far, a few numbers, and how a step adds to it. Pure; it keeps nothing else. */
export interface HealthCheck {
  readonly initial: readonly number[];
  readonly observe: (state: readonly number[], figures: Figures, limits: HealthLimits) => Observed;
}

export interface Observed {
  readonly state: readonly number[];
  readonly fault: Fault | null;
}
