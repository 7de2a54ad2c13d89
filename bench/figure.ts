/** One measured number. `ratio` is the value over its peer, measured in the same run, or over its limit: above 1 is better than either. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the same work takes another way. */
  readonly peer?: { readonly name: string; readonly value: number };
  /** What is promised. */
  readonly limit?: number;
  readonly ratio: number;
}

/** `flags` are the command line's beyond the bench's name and `--json`. */
export type Bench = (flags: readonly string[]) => Promise<Figure[]>;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/** Calls per second of `work` over `calls` calls. */
export const callsPerSecond = (work: (call: number) => unknown, calls: number): number => {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) work(call);
  return (calls * 1e9) / Number(process.hrtime.bigint() - start);
};

/** Calls per second of this process's processor time, of all its threads: what else the machine does changes that least. */
export const callsPerProcessorSecond = (work: (call: number) => unknown, calls: number): number => {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call++) work(call);
  const { user, system } = process.cpuUsage(start);
  return (calls * 1e6) / (user + system);
};

/** Mean of the middle half, dropping floor(n / 4) at each end: the interquartile mean of Agarwal et al. 2021. */
export const interquartileMean = (values: readonly number[]): number => {
  const cut = Math.floor(values.length / 4);
  const middle = values.toSorted((a, b) => a - b).slice(cut, values.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
};
