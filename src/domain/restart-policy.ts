/** When a process that ended is started again: at once the first time, then with doubling delays, then rarely. */
export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly largestDelayMs: number;
  /** So many endings within `windowMs` trip the breaker: the process is then started only every `trippedDelayMs`. */
  readonly endings: number;
  readonly windowMs: number;
  readonly trippedDelayMs: number;
}

export const restartPolicy: RestartPolicy = {
  firstDelayMs: 250,
  largestDelayMs: 15_000,
  endings: 5,
  windowMs: 600_000,
  trippedDelayMs: 60_000,
};

export interface Restart {
  /** Endings within the window, this one included; what the next call is given. */
  readonly recent: readonly number[];
  readonly delayMs: number;
  /** The breaker is open; somebody should look. */
  readonly tripped: boolean;
}

/** What follows an ending at `nowMs`, given the earlier ones (epoch milliseconds). */
export const afterEnding = (earlier: readonly number[], nowMs: number, policy: RestartPolicy): Restart => {
  const recent = [...earlier.filter((time) => nowMs - time < policy.windowMs), nowMs];
  const tripped = recent.length >= policy.endings;
  const doubled = policy.firstDelayMs * 2 ** (recent.length - 1);
  return { recent, tripped, delayMs: tripped ? policy.trippedDelayMs : Math.min(doubled, policy.largestDelayMs) };
};
