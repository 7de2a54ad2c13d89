/** When what is asked of an instrument by schedule; a duration of 0, and null, for never. */
export interface ScheduleTimes {
  readonly retrainEveryMs: number;
  readonly fullRetrainAt: WeeklyTime | null;
  readonly checkEveryMs: number;
}

/** A moment of each week by the clock of an IANA time zone. */
export interface WeeklyTime {
  /** 1 = Monday … 7 = Sunday. */
  readonly day: number;
  /** `HH:mm`. */
  readonly time: string;
  readonly zone: string;
}
