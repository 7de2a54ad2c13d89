/** Evidence that the mean of a stream has changed: 0 for none, and the place of the first value after the change that it speaks for. */
export interface Change {
  readonly evidence: number;
  readonly since: number;
}

/** Looks at a stream of finite values, oldest first, for a change that shows at its end. */
export type StreamDetector = (values: Float64Array) => Change;
