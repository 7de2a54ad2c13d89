import { setTimeout as delay } from 'node:timers/promises';
import { HALTED_SETTING, saysHalt } from '../../domain/model/serving-halt.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';
import type { PolicyServer } from '../../serving/create-policy-server.js';

type Followed = Pick<Registry, 'onProductionChange' | 'onEvent'> & { readonly settings: Pick<Registry['settings'], 'get'> };

/** Pauses before what failed is tried again: each twice as long as the one before. */
export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

const PAUSES: Pauses = { firstMs: 1_000, longestMs: 60_000 };

/**
 * Loads what is live, and follows every change of production and of the kill switch until the function that it gives is called. What cannot be read or
 * loaded is tried again until it can. A switch that was thrown here and that the registry could not keep stays as it is until the stored one changes,
 * or somebody throws it back here.
 */
export const keepPolicies = async (
  policies: PolicyServer,
  registry: Followed,
  logger: Logger,
  pauses: Pauses = PAUSES,
): Promise<() => void> => {
  const ended = new AbortController();
  let stored: boolean | null = null;
  const obeySwitch = async (): Promise<true> => {
    const halted = saysHalt((await registry.settings.get(HALTED_SETTING))?.value);
    if (halted === stored) return true;
    stored = halted;
    if (halted !== policies.isHalted())
      logger.warn(halted ? 'the kill switch is on: every decision is flat' : 'the kill switch is released');
    policies.halt(halted);
    return true;
  };
  const loadProduction = async (): Promise<boolean> => (await policies.refresh()).length === 0;

  /** An act that is repeated until it succeeds; asked for again meanwhile, it is tried at once. */
  const insisting = (what: string, act: () => Promise<boolean>): (() => Promise<void>) => {
    const attempt = (): Promise<boolean> =>
      act().catch((error: unknown) => {
        logger.error(`${what} could not be read; it is read again until it can be`, { reason: String(error) });
        return false;
      });
    let newest = new AbortController();
    return async () => {
      newest.abort();
      newest = new AbortController();
      const signal = AbortSignal.any([ended.signal, newest.signal]);
      for (let pauseMs = pauses.firstMs; !signal.aborted && !(await attempt()); pauseMs = Math.min(2 * pauseMs, pauses.longestMs))
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    };
  };
  const production = insisting('production', loadProduction);
  const killSwitch = insisting('the kill switch', obeySwitch);
  await obeySwitch();
  if (!(await loadProduction())) void production();
  const unfollow = [registry.onProductionChange(() => void production()), registry.onEvent(() => void killSwitch())];
  return () => {
    ended.abort();
    for (const stop of unfollow) stop();
  };
};
