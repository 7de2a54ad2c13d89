import { join } from 'node:path';
import { DemoDiffers, writeDemo } from '../../activities/market/write-demo.js';
import { writeExampleRequest } from '../../activities/write-example-request.js';
import { connectClient } from '../../client/connect.js';
import { createLearnerClient, type LearnerClient } from '../../client/learner-client.js';
import { listLearners } from '../../client/list-learners.js';
import type { Environment } from '../../config/environment.js';
import type { RatchetConfig } from '../../config/ratchet.js';
import type { Logger } from '../../domain/ports.js';
import type { Endpoints } from '../../runtime/endpoints.js';
import { claimHome } from '../../runtime/home.js';
import type { ClaimedHome, Home } from '../../runtime/home.js';
import { startRatchet } from '../../runtime/supervise.js';
import type { RunningRatchet } from '../../runtime/supervise.js';
import { openLogFiles } from '../../telemetry/log-files.js';
import { createLogger } from '../../telemetry/logger.js';
import { exitCodes, UsedWrongly, type ExitCode } from '../exit-codes.js';
import { createAsking } from './ask-for-decision.js';
import { followTrainings, type FollowedEnd } from './follow-trainings.js';
import { curlCommand } from './describe-decision.js';
import type { Served, StartReporter } from './reporter.js';
import { resolveSettings, type StartOptions, type StartSettings } from './settings.js';

export interface StartContext {
  readonly environment: Environment;
  readonly reporter: StartReporter;
  readonly version: string;
  /** Aborted by Ctrl-C, SIGTERM or the end of npm. */
  readonly stop: AbortSignal;
  /** Entry files of the services, by name; Ratchet's own unless given. */
  readonly services?: Readonly<Record<string, string>>;
}

/**
 * Brings Ratchet up on the state folder, says what happens, and stops everything in order when told to, or with `--once` after the first decision.
 * Throws what makes it impossible.
 */
export const runStart = async (options: StartOptions, context: StartContext): Promise<ExitCode> => {
  const { environment, reporter, version } = context;
  const settings = await resolveSettings(options);
  const home = await claimHome(environment.home);
  const { level, maxFileMb, keep } = settings.config.logging;
  const logs = openLogFiles({ folder: home.logs, maxBytes: maxFileMb * 1_000_000, keep });
  const logger = alsoTelling(createLogger(level, logs.transports), reporter);
  try {
    reporter.settings(settings, home, version);
    const config = await withData(settings, home, reporter);
    return await serve({ ...settings, config }, options, home, logger, context);
  } finally {
    await logs.close();
    await home.release();
  }
};

/** Errors are for the terminal, too; the rest is in the log files. */
const alsoTelling = (logger: Logger, reporter: StartReporter): Logger => ({
  debug: (message, fields) => logger.debug(message, fields),
  info: (message, fields) => logger.info(message, fields),
  warn: (message, fields) => logger.warn(message, fields),
  error(message, fields) {
    logger.error(message, fields);
    reporter.notice(typeof fields?.service === 'string' ? `${fields.service}: ${message}` : message);
  },
});

/** The configuration with something to watch. */
const withData = async ({ source, config }: StartSettings, home: ClaimedHome, reporter: StartReporter): Promise<RatchetConfig> => {
  if (source.kind === 'exports') return config;
  const demo = await writeDemo(home.demo, config.simulation).catch((error: unknown) => {
    throw error instanceof DemoDiffers ? new UsedWrongly(error.message, { cause: error }) : error;
  });
  reporter.demo(demo);
  return { ...config, watch: { ...config.watch, path: demo.folder, instruments: [demo.instrument] } };
};

const serve = async (
  settings: StartSettings,
  { once = false, ephemeral = false }: StartOptions,
  home: ClaimedHome,
  logger: Logger,
  { environment, reporter, stop, services }: StartContext,
): Promise<ExitCode> => {
  const began = Date.now();
  let ratchet: RunningRatchet;
  try {
    ratchet = await startRatchet({
      home,
      environment,
      config: settings.config,
      logger,
      report: (event) => {
        logger.info(`${event.part} ${event.kind}`, { text: event.text });
        reporter.part(event);
      },
      ephemeral,
      signal: stop,
      ...(services === undefined ? {} : { services }),
    });
  } catch (error) {
    if (stop.aborted) return stopped(once);
    throw error;
  }
  try {
    reporter.ready(ratchet.endpoints, namedInstruments(settings), (Date.now() - began) / 1_000);
    return await followUntil(settings, once, ratchet, { home, began, reporter, stop });
  } finally {
    reporter.stopping();
    await ratchet.stop();
  }
};

const stopped = (once: boolean): ExitCode => (once ? exitCodes.failed : exitCodes.done);

/** Instruments that were asked for, or else those that have files. */
const namedInstruments = ({ config, source }: StartSettings): readonly string[] => {
  if (config.watch.instruments.length > 0) return config.watch.instruments;
  return source.kind === 'exports' ? source.instruments : [];
};

/** Says what the trainings do until the end of Ratchet; with `once`, until the first decision, or until every instrument has ended without one. */
const followUntil = async (
  settings: StartSettings,
  once: boolean,
  { endpoints }: RunningRatchet,
  { home, began, reporter, stop }: Pick<StartContext, 'reporter' | 'stop'> & { readonly home: Home; readonly began: number },
): Promise<ExitCode> => {
  const client = connectClient(endpoints.variables);
  const learners = createLearnerClient({ client, deadlineMs: 10_000 });
  const { watch } = settings.config;
  const ask = createAsking(learners, watch.settleSeconds * 1_000);
  const named = namedInstruments(settings);
  const open = new Set(named);
  let code = stopped(once);
  const finish = async (end: FollowedEnd): Promise<boolean> => {
    reporter.ended(end, await servedAfter(end, learners, home, endpoints));
    open.delete(end.instrument);
    if (!once) return false;
    code = codeOf(end);
    return end.outcome.kind === 'decided' || open.size === 0;
  };
  try {
    await followTrainings({
      learners,
      instruments: async () => (watch.instruments.length > 0 ? named : [...new Set([...named, ...(await listLearners(client))])]),
      since: began,
      signal: stop,
      onProgress: async (progress) => {
        reporter.progress(progress);
        if (once) await ask(progress);
      },
      onEnd: finish,
      onSilence: (isSilent) =>
        reporter.notice(
          isSilent
            ? `Temporal at ${endpoints.temporalAddress} or the workers give no answer; nothing is lost, and it goes on when they do`
            : 'Temporal and the workers answer again',
        ),
    });
  } finally {
    await client.connection.close();
  }
  return code;
};

/** What answers now, and a command that asks it with bars of the run's own dataset. */
const servedAfter = async ({ instrument, run }: FollowedEnd, learners: LearnerClient, home: Home, { api }: Endpoints): Promise<Served> => {
  const status = await learners.status(instrument).catch(() => null);
  const live = status?.production ?? null;
  const buckets = status === null || status.settings.cycle === 'single' ? [] : status.settings.cycle.buckets.map(({ bucket }) => bucket);
  const dataset = run?.dataset ?? null;
  if (live === null || api === null || dataset === null) return { live, curl: null, buckets };
  const request = join(home.reports, `decision-request-${instrument}.json`);
  await writeExampleRequest(home.artifacts, dataset.artifact, request);
  return { live, curl: curlCommand(api, instrument, request), buckets };
};

const codeOf = ({ outcome, decision }: FollowedEnd): ExitCode => {
  if (outcome.kind !== 'decided') return exitCodes.failed;
  return decision?.verdict === 'PROMOTE' ? exitCodes.done : exitCodes.notPromoted;
};
