import { UsedWrongly } from './exit-codes.js';

/** The instrument that a command means which names none. Throws `UsedWrongly` unless there is exactly one; `none` says what that means. */
export const onlyInstrument = (instruments: readonly string[], none: string): string => {
  const [first, ...others] = instruments;
  if (first !== undefined && others.length === 0) return first;
  throw new UsedWrongly(
    first === undefined ? none : `there are several instruments: name one of ${instruments.join(', ')} with --instrument`,
  );
};
