import { createLearnerClient } from '../../client/learner-client.js';
import { listLearners } from '../../client/list-learners.js';
import { lookAt, type Progress } from '../../client/watch-progress.js';
import type { Environment } from '../../config/environment.js';
import { instrumentId } from '../../domain/market/instrument.js';
import type { Endpoints } from '../../runtime/endpoints.js';
import { NotRunning, runningEndpoints } from '../running.js';
import { describeRun } from '../start/describe-run.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';
import { createStyle, type Style } from '../terminal/style.js';

export interface StatusOptions {
  readonly instrument?: string;
  readonly detailed?: boolean;
  readonly json?: boolean;
}

type ShownEndpoints = Omit<Endpoints, 'databaseUrl' | 'variables'>;

/** Writes what runs on the state folder and what each learner does. Throws `NotRunning`, `NoAnswer`. */
export const showStatus = async (options: StatusOptions, { home }: Environment, { write, colours }: Terminal): Promise<void> => {
  const endpoints = await runningEndpoints(home);
  const learners = await lookAtAll(endpoints, options);
  const shown = withoutSecrets(endpoints);
  const text =
    options.json === true
      ? JSON.stringify({ endpoints: shown, learners }, null, 2)
      : describeStatus(shown, learners, options.detailed === true, createStyle(colours)).join('\n');
  write(`${text}\n`);
};

/** The database's address holds its password. */
const withoutSecrets = ({ supervisor, api, temporalUi, temporalAddress, temporalNamespace }: Endpoints): ShownEndpoints => ({
  supervisor,
  api,
  temporalUi,
  temporalAddress,
  temporalNamespace,
});

const lookAtAll = (endpoints: Endpoints, { instrument }: StatusOptions): Promise<Progress[]> =>
  withClient(endpoints, async (client) => {
    const learners = createLearnerClient({ client, deadlineMs: 10_000 });
    const instruments = instrument === undefined ? await listLearners(client) : [instrumentId(instrument)];
    const looks = await Promise.all(instruments.map(async (id) => ({ id, progress: await lookAt(learners, id) })));
    const missing = looks.find(({ progress }) => progress === null);
    if (missing !== undefined && instrument !== undefined)
      throw new NotRunning(`no learner of ${missing.id} answers: report a file of it first`);
    return looks.flatMap(({ progress }) => (progress === null ? [] : [progress]));
  });

const describeStatus = (
  { supervisor, api, temporalUi, temporalAddress, temporalNamespace }: ShownEndpoints,
  looks: readonly Progress[],
  detailed: boolean,
  style: Style,
): string[] => [
  `Ratchet runs (process ${supervisor}); API ${api ?? 'off'}; Temporal ${temporalUi ?? temporalAddress}, namespace ${temporalNamespace}`,
  ...(looks.length === 0 ? ['No instrument has a learner yet: it begins with the first export.'] : []),
  ...looks.flatMap((progress) => describeLearner(progress, detailed, style)),
];

const describeLearner = (progress: Progress, detailed: boolean, style: Style): string[] => {
  const { production, lastDecision, lastTrainedAt, failure, pendingFiles, queued, cycle, settings } = progress.learner;
  return [
    style.bold(describeRun(progress, Date.now()).text),
    `  live: ${production === null ? 'nothing' : `${production.version} (${production.role === 'baseline' ? 'baseline: unproven, acts flat' : 'production'})`}`,
    `  last decision: ${lastDecision === null ? 'none yet' : `${lastDecision.verdict} at ${lastDecision.at}: ${lastDecision.summary}`}`,
    ...(failure === null ? [] : [style.red(`  ${failure.runId} failed: ${failure.message}; ${failure.advice}`)]),
    ...(detailed
      ? [
          `  ${cycle} trainings, the last that finished at ${lastTrainedAt ?? 'never'}; ${pendingFiles} new files wait, ${queued} trainings queued`,
          `  trains ${settings.quietMs / 1_000} s after the last of at least ${settings.minFiles} new files${settings.enabled ? '' : '; auto-retrain is off'}`,
        ]
      : []),
  ];
};
