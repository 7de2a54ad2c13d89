import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../domain/ports.js';
import type { LiveModel } from '../domain/model/production.js';

export interface MetricsOptions {
  readonly version: string;
  /** Whether the watched folder can be read; null when none is watched. */
  readonly watcherUp: () => boolean | null;
  readonly live: () => readonly LiveModel[];
  readonly clock: Clock;
}

/** What the API process counts, in the names and units of Prometheus. */
export interface Metrics {
  readonly contentType: string;
  readonly text: () => Promise<string>;
  /** `route` is the pattern of a route, so that their number is bounded. */
  readonly countRequest: (request: { method: string; route: string; status: number; seconds: number }) => void;
  /** `outcome` is `model` or why the answer was flat. */
  readonly countDecision: (decision: { instrument: string; outcome: string; seconds: number }) => void;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of one process, in a registry of their own. */
export const createMetrics = ({ version, watcherUp, live, clock }: MetricsOptions): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: 'ratchet_build_info', help: 'The version that runs.', labelNames: ['version'], registers }).set({ version }, 1);
  new Gauge({
    name: 'ratchet_watcher_up',
    help: '1 when the watched folder can be read.',
    registers,
    collect() {
      const up = watcherUp();
      if (up !== null) this.set(up ? 1 : 0);
    },
  });
  new Gauge({
    name: 'ratchet_model_age_seconds',
    help: 'Time since what is live was registered.',
    labelNames: ['instrument', 'bucket', 'alias'],
    registers,
    collect() {
      this.reset();
      for (const { instrument, bucket, role, registeredAt } of live())
        this.set({ instrument, bucket, alias: role }, (clock.now() - Date.parse(registeredAt)) / 1_000);
    },
  });
  const decisions = new Counter({
    name: 'ratchet_decisions_total',
    help: 'Decisions given.',
    labelNames: ['instrument', 'outcome'],
    registers,
  });
  const decisionTime = new Histogram({
    name: 'ratchet_decision_duration_seconds',
    help: 'Time of one decision.',
    buckets: SECONDS,
    registers,
  });
  const requests = new Histogram({
    name: 'ratchet_http_request_duration_seconds',
    help: 'Time of one request.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countRequest: ({ seconds, ...labels }) => requests.observe(labels, seconds),
    countDecision({ instrument, outcome, seconds }) {
      decisions.inc({ instrument, outcome });
      decisionTime.observe(seconds);
    },
  };
};
