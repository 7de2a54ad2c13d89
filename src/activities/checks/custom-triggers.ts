import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { CustomTriggerFacts } from '../../domain/triggers/custom-trigger.js';
import type { ActivityDependencies } from '../dependencies.js';
import { runCustomTrigger } from './custom-trigger-process.js';

export interface CustomTriggerActivities {
  /** Asks the user's own triggers; returns the reasons to train that they gave. One that failed three times in a row is asked no more until its file changes. */
  askCustomTriggers(request: { readonly instrument: string; readonly bucket: string }): Promise<readonly string[]>;
}

/** Failures in a row that disable a trigger. */
const MOST_FAILURES = 3;
/** Versions whose metrics a trigger may look at. */
const VERSIONS = 50;

const failures = z.object({ content: z.string(), failures: z.number() });

type TriggerDependencies = Pick<ActivityDependencies, 'registry' | 'config' | 'logger'>;

export const createCustomTriggerActivities = (dependencies: TriggerDependencies): CustomTriggerActivities => ({
  async askCustomTriggers({ instrument, bucket }) {
    const { registry, config } = dependencies;
    const { customTriggers } = config.autoRetrain;
    if (customTriggers.length === 0) return [];
    const [live, versions] = await Promise.all([
      registry.production.current(instrument, bucket),
      registry.versions.list(instrument, bucket, { limit: VERSIONS }),
    ]);
    const facts: CustomTriggerFacts = {
      instrument,
      production: live === null ? null : { version: live.version, role: live.role, liveSince: live.liveSince },
      metrics: versions.map(({ name, registeredAt, metrics }) => ({ version: name, registeredAt, metrics })),
    };
    const reasons: string[] = [];
    for (const path of customTriggers) {
      const reason = await askOne(dependencies, resolve(path), facts);
      if (reason !== null) reasons.push(`${basename(path)}: ${reason}`);
    }
    return reasons;
  },
});

/** The trigger's reason, or null. Failures are counted for the file's content in the stored settings. */
const askOne = async ({ registry, logger }: TriggerDependencies, path: string, facts: CustomTriggerFacts): Promise<string | null> => {
  const name = `custom_trigger:${facts.instrument}:${path}`;
  const content = await contentOf(path);
  const stored = failures.safeParse((await registry.settings.get(name))?.value).data;
  const before = stored?.content === content ? stored.failures : 0;
  if (before >= MOST_FAILURES) return null;
  const answer = await runCustomTrigger({ path, facts });
  if ('reason' in answer) {
    if (before > 0) await registry.settings.set(name, { content, failures: 0 }, 'ratchet');
    return answer.reason;
  }
  logger.warn('a custom trigger failed', { path, reason: answer.failed, failuresInARow: before + 1 });
  await registry.settings.set(name, { content, failures: before + 1 }, 'ratchet');
  if (before + 1 === MOST_FAILURES)
    await registry.events.append({
      kind: 'customTriggerDisabled',
      instrument: facts.instrument,
      actor: 'ratchet',
      payload: { path, reason: answer.failed, advice: `mend ${basename(path)}: it is asked again when its file changes` },
    });
  return null;
};

/** What tells one content of a file from another; a file that cannot be read has the content `missing`. */
const contentOf = async (path: string): Promise<string> => {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return 'missing';
  }
};
