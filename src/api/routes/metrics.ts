import { createRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Metrics } from '../../telemetry/metrics.js';
import type { ApiEnvironment } from '../access.js';
import type { Api } from '../app.js';

/** `GET /metrics` for Prometheus, and the count of every request to the routes that are added after it. */
export const addMetricsRoute = (api: Api, metrics: Metrics): void => {
  api.use(countRequests(metrics));
  api.openapi(
    createRoute({
      method: 'get',
      path: '/metrics',
      responses: { 200: { description: 'the text format of Prometheus', content: { 'text/plain': { schema: z.string() } } } },
    }),
    async (context) => context.text(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
};

const countRequests =
  ({ countRequest }: Metrics): MiddlewareHandler<ApiEnvironment> =>
  async (context, next) => {
    const began = performance.now();
    await next();
    const { method } = context.req;
    countRequest({ method, route: routePath(context, -1), status: context.res.status, seconds: (performance.now() - began) / 1_000 });
  };
