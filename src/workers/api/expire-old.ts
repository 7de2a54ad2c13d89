import type { Clock, Logger } from '../../domain/ports.js';
import type { LiveModel } from '../../domain/model/production.js';
import { ProductionConflict } from '../../registry/errors.js';
import type { Registry } from '../../registry/open-registry.js';

export interface ExpireOldOptions {
  readonly registry: { readonly production: Pick<Registry['production'], 'all' | 'expire'> };
  /** Age since registration at which a version is too old, in ms. */
  readonly expiresAfterMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Notes each live version that became too old, once, so that it is told and kept in history; that it acts flat does not wait for this. Gives
 * those that were noted now.
 */
export const expireOld = async ({ registry, expiresAfterMs, clock, logger }: ExpireOldOptions): Promise<LiveModel[]> => {
  const live = await registry.production.all();
  const old = live.filter(({ expiredAt, registeredAt }) => expiredAt === null && clock.now() - Date.parse(registeredAt) > expiresAfterMs);
  for (const { instrument, bucket, version, liveSince } of old) {
    const hours = Math.round(expiresAfterMs / 3_600_000);
    try {
      await registry.production.expire({
        operationKey: `expire/${instrument}/${bucket}/${version}/${liveSince}`,
        instrument,
        bucket,
        expectedPrevious: version,
        actor: 'ratchet',
        reason: `it was registered more than ${hours} hours ago (serving.expiration_hours)`,
      });
      logger.warn(`${version} of ${instrument} is older than ${hours} hours and acts flat until another version takes its place`, {
        bucket,
      });
    } catch (error) {
      if (!(error instanceof ProductionConflict)) throw error; // another has just taken its place
    }
  }
  return old;
};

const EVERY_MS = 60_000;

/** Does `expireOld` every minute until the function that it gives is called; what fails is logged and tried again. */
export const keepExpiring = (options: ExpireOldOptions): (() => void) => {
  const look = (): void => {
    expireOld(options).catch((error: unknown) => options.logger.error('versions could not be expired', { reason: String(error) }));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return () => clearInterval(timer);
};
