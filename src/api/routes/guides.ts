import { createRoute, z } from '@hono/zod-openapi';
import type { LearnerStatus } from '../../domain/learner/status.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, jsonBody, row, rowOf } from './answers.js';
import { idempotencyKey, orProblem, requestId } from './instruments.js';

/** The two calls that the guides' own programs make: status of automatic retraining, and start of a training. */
export const addGuideRoutes = (api: Api, { instruments, watched, learners, watch }: ApiDependencies): void => {
  const learning = async (): Promise<readonly LearnerStatus[]> =>
    (await Promise.all(instruments.map((id) => learners.status(id).catch(() => null)))).filter((status) => status !== null);

  api.openapi(createRoute({ method: 'get', path: '/api/settings/auto-retrain-status', responses: answers(row) }), async (context) => {
    const each = await learning();
    const { enabled, watching, path, readable, lastChange, pending, problems } = watch();
    const busy = each.find(({ runningTraining }) => runningTraining !== null);
    const soonest = each.find(({ pendingFiles }) => pendingFiles > 0) ?? each[0];
    return context.json(
      {
        enabled,
        watching,
        path,
        readable,
        last_change: lastChange,
        pending_reports: pending,
        problems: [...problems],
        pending_files: each.reduce((sum, { pendingFiles }) => sum + pendingFiles, 0),
        debounce_deadline: soonest?.until ?? null,
        running_training: busy?.runningTraining ?? null,
        queued: each.reduce((sum, { queued }) => sum + queued, 0),
        why_not_yet: soonest?.whyNotYet ?? null,
        instruments: each.map(statusOf),
      },
      200,
    );
  });

  const start = z.strictObject({
    device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
    checkpoint_path: z.string().optional(),
    instrument: z.string().optional(),
    full: z.boolean().optional(),
  });
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/training/start',
      middleware: [requireRole('operator')] as const,
      request: { headers: idempotencyKey, body: jsonBody(start) },
      responses: answers(row),
    }),
    async (context) => {
      const { device, checkpoint_path: checkpoint, instrument: named, full } = context.req.valid('json');
      if (device === 'cuda')
        throw new HttpProblem(
          409,
          'no-gpu',
          'device "cuda" was asked for and this service does not choose a trainer\'s device: start a trainer worker with CUDA_VISIBLE_DEVICES set and send device "auto"',
        );
      if (checkpoint !== undefined && checkpoint !== 'models/best_model.pt')
        throw new HttpProblem(
          422,
          'checkpoint-refused',
          `checkpoint_path ${JSON.stringify(checkpoint)} is refused: files are never named from outside; expected "models/best_model.pt", which is production`,
        );
      const instrument = named ?? watched[0] ?? (await learning())[0]?.instrument;
      if (instrument === undefined || !instruments.includes(instrument))
        throw new HttpProblem(
          404,
          'unknown-instrument',
          `${instrument === undefined ? 'no instrument is named, and none is learned yet' : `instrument ${JSON.stringify(instrument)} is not configured here`}; configured: ${instruments.join(', ') || 'none'}`,
        );
      const options = {
        ...(full === undefined ? {} : { full }),
        reason: `asked by ${context.get('actor')} over HTTP`,
        ...requestId(context.req.valid('header')),
      };
      const accepted = await orProblem(learners.retrain(instrument, options));
      return context.json({ status: 'started', instrument, ...rowOf(accepted) }, 200);
    },
  );
};

const statusOf = (status: LearnerStatus) => ({
  instrument: status.instrument,
  phase: status.phase,
  pending_files: status.pendingFiles,
  debounce_deadline: status.until,
  running_training: status.runningTraining,
  queued: status.queued,
  why_not_yet: status.whyNotYet,
  production: status.production,
});
