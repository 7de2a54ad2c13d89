import { setTimeout as delay } from 'node:timers/promises';
import { HALTED_SETTING, saysHalt } from '../../domain/model/serving-halt.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';
import type { PolicyServer } from '../../serving/create-policy-server.js';

/** Pause before what could not be read is read again. */
const RETRY_MS = 1_000;

type Followed = Pick<Registry, 'onProductionChange' | 'onEvent'> & { readonly settings: Pick<Registry['settings'], 'get'> };

/**
 * Loads what is live, and follows every change of production and of the kill switch until the function that it gives is called. A switch that was
 * thrown here and that the registry could not keep stays as it is until the stored one changes, or somebody throws it back here.
 */
export const keepPolicies = async (policies: PolicyServer, registry: Followed, logger: Logger): Promise<() => void> => {
  const ended = new AbortController();
  let stored: boolean | null = null;
  const obeySwitch = async (): Promise<void> => {
    const halted = saysHalt((await registry.settings.get(HALTED_SETTING))?.value);
    if (halted === stored) return;
    stored = halted;
    if (halted !== policies.isHalted())
      logger.warn(halted ? 'the kill switch is on: every decision is flat' : 'the kill switch is released');
    policies.halt(halted);
  };
  await obeySwitch();
  await policies.refresh();
  const follow = (what: string, act: () => Promise<void>) => (): void => void untilDone(what, act);
  const untilDone = async (what: string, act: () => Promise<void>): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        await act();
        return;
      } catch (error) {
        logger.error(`${what} could not be read; it is read again until it can be`, { reason: String(error) });
        await delay(RETRY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
  };
  const unfollow = [
    registry.onProductionChange(follow('production', () => policies.refresh())),
    registry.onEvent(follow('the kill switch', obeySwitch)),
  ];
  return () => {
    ended.abort();
    for (const stop of unfollow) stop();
  };
};
