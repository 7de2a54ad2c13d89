import { createRoute, z } from '@hono/zod-openapi';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers } from './answers.js';

/** Liveness, readiness and what freqtrade's users look for: `/api/v1/ping`, `/version`, `/sysinfo`, `/health`. */
export const addServiceRoutes = (api: Api, { registry, version, startedAtMs, clock }: ApiDependencies): void => {
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/ping', responses: answers(z.object({ status: z.literal('pong') })) }),
    (context) => context.json({ status: 'pong' as const }, 200),
  );
  api.openapi(createRoute({ method: 'get', path: '/api/v1/version', responses: answers(z.object({ version: z.string() })) }), (context) =>
    context.json({ version }, 200),
  );
  const sysinfo = z.object({ cpu_pct: z.array(z.number()), ram_pct: z.number() });
  api.openapi(createRoute({ method: 'get', path: '/api/v1/sysinfo', responses: answers(sysinfo) }), (context) => {
    const [minute = 0] = loadavg();
    const used = Math.min(100, (100 * minute) / cpus().length);
    return context.json({ cpu_pct: [round(used)], ram_pct: round(100 * (1 - freemem() / totalmem())) }, 200);
  });
  const health = z.object({
    last_process: z.string().nullable(),
    last_process_ts: z.number().nullable(),
    bot_start: z.string(),
    bot_start_ts: z.number(),
  });
  api.openapi(createRoute({ method: 'get', path: '/api/v1/health', responses: answers(health) }), async (context) => {
    const [newest] = await registry.runs.list({ limit: 1 });
    const last = newest?.finishedAt ?? newest?.startedAt ?? null;
    return context.json(
      {
        last_process: last,
        last_process_ts: last === null ? null : Math.floor(Date.parse(last) / 1000),
        bot_start: new Date(startedAtMs).toISOString(),
        bot_start_ts: Math.floor(startedAtMs / 1000),
      },
      200,
    );
  });
  const alive = z.object({ status: z.literal('ok'), up_s: z.number() });
  api.openapi(createRoute({ method: 'get', path: '/healthz', responses: answers(alive) }), (context) =>
    context.json({ status: 'ok' as const, up_s: Math.round((clock.now() - startedAtMs) / 1000) }, 200),
  );
  const ready = z.object({ status: z.literal('ready'), live: z.number().openapi({ description: 'versions that are live' }) });
  api.openapi(createRoute({ method: 'get', path: '/readyz', responses: answers(ready) }), async (context) => {
    const live = await registry.production.all().catch((error: unknown) => {
      throw new HttpProblem(503, 'waiting', `the registry does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    return context.json({ status: 'ready' as const, live: live.length }, 200);
  });
};

const round = (value: number): number => Math.round(value * 10) / 10;
