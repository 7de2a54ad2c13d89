/** Name of the stored setting that is the kill switch: `{ halted, reason }`. */
export const HALTED_SETTING = 'serving.halted';

/** Whether a stored value of the setting says halt. */
export const saysHalt = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'halted' in value && value.halted === true;
