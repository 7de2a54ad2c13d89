import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { listLearners } from '../../client/list-learners.js';
import { createValidationClient, type StartedValidation, type ValidationClient } from '../../client/validations.js';
import type { Environment } from '../../config/environment.js';
import { instrumentId } from '../../domain/market/instrument.js';
import type { ValidationResult } from '../../domain/validation/report.js';
import { validationMethods, type ValidationMethod } from '../../domain/validation/steps.js';
import { readDocument } from '../ask-api.js';
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
  readonly bucket: string;
  readonly method: string;
  /** File that the report's page is written to. */
  readonly save?: string;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 2_000;

/** Starts a validation, or follows the one that runs, until it is concluded, and writes its report. Throws `UsedWrongly`, `NotRunning`, `Refused`, `NoAnswer`, `ValidationFailed`. */
export const validate = async (options: ValidateOptions, environment: Environment, terminal: Terminal): Promise<void> => {
  const method = methodNamed(options.method);
  const endpoints = await runningEndpoints(environment.home);
  await withClient(endpoints, async (client) => {
    const instrument =
      options.instrument === undefined
        ? onlyInstrument(await listLearners(client), 'no instrument has a learner: there is nothing to validate')
        : instrumentId(options.instrument);
    const validations = createValidationClient({ client });
    const started = await validations.start({ instrument, bucket: options.bucket, method });
    const { report, artifact } = await follow(validations, started, options.json === true ? null : terminal);
    const page = `/api/v1/validations/${started.id}/report`;
    if (options.save !== undefined) await writeFile(options.save, await readDocument(environment, page));
    const link = endpoints.api === null ? [] : ['', `Report: ${new URL(page, endpoints.api).href}`];
    const text =
      options.json === true
        ? JSON.stringify({ artifact, ...report }, null, 2)
        : [describeValidation(report, createStyle(terminal.colours)), ...link].join('\n');
    terminal.write(`${text}\n`);
  });
};

/** Waits for the end, showing how far it is. */
const follow = async (
  validations: ValidationClient,
  { id, started }: StartedValidation,
  terminal: Terminal | null,
): Promise<ValidationResult> => {
  const screen = terminal === null ? null : createScreen(terminal);
  screen?.line(`${id} ${started ? 'started' : 'runs already'}; it goes on without this command`);
  const ended = validations.result(id);
  for (;;) {
    const found = await Promise.race([ended, wait(LOOK_EVERY_MS, null)]);
    if (found !== null) {
      screen?.live('');
      return found;
    }
    const { phase, finished, total } = await validations.state(id);
    screen?.live(`${phase}: ${finished} of ${total ?? '?'} trainings`);
  }
};

const methodNamed = (name: string): ValidationMethod => {
  const method = validationMethods.find((known) => known === name);
  if (method !== undefined) return method;
  throw new UsedWrongly(`--method ${JSON.stringify(name)} is not known: expected ${validationMethods.join(' or ')}`);
};
