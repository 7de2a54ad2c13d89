import { assertPeriod, undefinedValues } from '../window.js';

/** Change over `period` bars in per cent of the earlier value; first defined at `period`. */
export const rateOfChange = (values: Float64Array, period = 10): Float64Array => {
  assertPeriod('rate of change', period);
  const changes = undefinedValues(values.length);
  for (let i = period; i < values.length; i++) changes[i] = 100 * (values[i]! / values[i - period]! - 1);
  return changes;
};

/** log(value / value `period` bars before); first defined at `period`. */
export const logReturn = (values: Float64Array, period = 1): Float64Array => {
  assertPeriod('log return', period);
  const returns = undefinedValues(values.length);
  for (let i = period; i < values.length; i++) returns[i] = Math.log(values[i]! / values[i - period]!);
  return returns;
};
