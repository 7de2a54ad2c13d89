import { HALTED_SETTING, saysHalt } from '../../domain/serving-halt.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';
import type { PolicyServer } from '../../serving/create-policy-server.js';

/** Loads what is live, and follows every change of production and of the kill switch until the function that it gives is called. */
export const keepPolicies = async (policies: PolicyServer, registry: Registry, logger: Logger): Promise<() => void> => {
  const obeySwitch = async (): Promise<void> => {
    const halted = saysHalt((await registry.settings.get(HALTED_SETTING))?.value);
    if (halted !== policies.isHalted())
      logger.warn(halted ? 'the kill switch is on: every decision is flat' : 'the kill switch is released');
    policies.halt(halted);
  };
  await obeySwitch();
  await policies.refresh();
  const follow = (what: string, act: () => Promise<void>) => (): void => {
    act().catch((error: unknown) =>
      logger.error(`${what} could not be read; it is read again at the next change`, { reason: String(error) }),
    );
  };
  const unfollow = [
    registry.onProductionChange(follow('production', () => policies.refresh())),
    registry.onEvent(follow('the kill switch', obeySwitch)),
  ];
  return () => {
    for (const stop of unfollow) stop();
  };
};
