import { setTimeout as wait } from 'node:timers/promises';
import { listLearners } from '../../client/list-learners.js';
import { progressOfValidation, startValidation, type RunningValidation } from '../../client/validations.js';
import type { Environment } from '../../config/environment.js';
import { instrumentId } from '../../domain/market/instrument.js';
import type { ValidationResult } from '../../domain/validation/report.js';
import { validationMethods, type ValidationMethod } from '../../domain/validation/steps.js';
import { UsedWrongly } from '../exit-codes.js';
import { onlyInstrument } from '../only-instrument.js';
import { runningEndpoints } from '../running.js';
import { createScreen } from '../terminal/screen.js';
import { createStyle } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';
import { describeValidation } from './describe-validation.js';

export interface ValidateOptions {
  readonly instrument?: string;
  readonly method: string;
  readonly json?: boolean;
}

/** The validation ended without a report; the message says why. */
export class ValidationFailed extends Error {
  override readonly name = 'ValidationFailed';
}

const LOOK_EVERY_MS = 2_000;

/** Starts a validation, or follows the one that runs, until it is concluded, and writes its report. Throws `UsedWrongly`, `NotRunning`, `NoAnswer`, `ValidationFailed`. */
export const validate = async (options: ValidateOptions, { home }: Environment, terminal: Terminal): Promise<void> => {
  const method = methodNamed(options.method);
  await withClient(await runningEndpoints(home), async (client) => {
    const instrument =
      options.instrument === undefined
        ? onlyInstrument(await listLearners(client), 'no instrument has a learner: there is nothing to validate')
        : instrumentId(options.instrument);
    const running = await startValidation(client, { instrument, method });
    const { report, artifact } = await follow(running, instrument, options.json === true ? null : terminal);
    if (options.json === true) terminal.write(`${JSON.stringify({ artifact, ...report }, null, 2)}\n`);
    else terminal.write(`${describeValidation(report, createStyle(terminal.colours))}\n`);
  });
};

/** Waits for the end, showing how far it is. */
const follow = async (running: RunningValidation, instrument: string, terminal: Terminal | null): Promise<ValidationResult> => {
  const { handle, started } = running;
  const screen = terminal === null ? null : createScreen(terminal);
  screen?.line(`${handle.workflowId} ${started ? 'started' : 'runs already'}; it goes on without this command`);
  const ended = handle.result().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  for (;;) {
    const found = await Promise.race([ended, wait(LOOK_EVERY_MS, null)]);
    if (found !== null) {
      screen?.live('');
      if ('result' in found) return found.result;
      throw new ValidationFailed(`${handle.workflowId} ended without a report: ${rootMessage(found.error)}`);
    }
    const { phase, finished, total } = await progressOfValidation(running, instrument);
    screen?.live(`${phase}: ${finished} of ${total ?? '?'} trainings`);
  }
};

const methodNamed = (name: string): ValidationMethod => {
  const method = validationMethods.find((known) => known === name);
  if (method !== undefined) return method;
  throw new UsedWrongly(`--method ${JSON.stringify(name)} is not known: expected ${validationMethods.join(' or ')}`);
};

const rootMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
};
