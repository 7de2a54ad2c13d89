import { InvalidConfig } from '../config/layers.js';
import { InvalidConfigFile } from '../config/read-files.js';
import { InvalidInstrumentId } from '../domain/market/instrument.js';

/** What a command ends with. */
export const exitCodes = { done: 0, failed: 1, usedWrongly: 2, notPromoted: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command cannot do what it was told; the message says which value is wrong and what was expected. */
export class UsedWrongly extends Error {
  override readonly name = 'UsedWrongly';
}

const WRONG_USE = [UsedWrongly, InvalidConfig, InvalidConfigFile, InvalidInstrumentId] as const;

/** The exit code for an error that ends a command. */
export const exitCodeOf = (error: unknown): ExitCode =>
  WRONG_USE.some((kind) => error instanceof kind) ? exitCodes.usedWrongly : exitCodes.failed;

/** What a person reads of it: never a stack trace. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
