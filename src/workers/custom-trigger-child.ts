import { pathToFileURL } from 'node:url';
import type { CustomTriggerAnswer, CustomTriggerFacts, CustomTriggerOrder } from '../domain/triggers/custom-trigger.js';

// Runs one trigger of a user's own: a module whose default export is given { instrument, production, recentMetrics(n) } and returns false,
// or true with a reason as { retrain: true, reason }. Its parent ends this process when it takes too long.

process.once('message', (order: CustomTriggerOrder) => void answer(order));
process.once('disconnect', () => process.exit());

const answer = async ({ module, facts }: CustomTriggerOrder): Promise<void> => {
  const told = await ask(module, facts).catch((error: unknown): CustomTriggerAnswer => ({ failed: String(error) }));
  process.send?.(told, undefined, {}, () => process.exit());
};

const ask = async (module: string, { instrument, production, metrics }: CustomTriggerFacts): Promise<CustomTriggerAnswer> => {
  const loaded: unknown = await import(pathToFileURL(module).href);
  const trigger = valueOf(loaded, 'default');
  if (typeof trigger !== 'function') return { failed: 'it has no default export that is a function' };
  const verdict: unknown = await Reflect.apply(trigger, undefined, [
    { instrument, production, recentMetrics: (n: number) => metrics.slice(0, n) },
  ]);
  if (verdict === false) return { reason: null };
  const reason = valueOf(verdict, 'reason');
  if (valueOf(verdict, 'retrain') === true && typeof reason === 'string' && reason.trim() !== '') return { reason: reason.slice(0, 400) };
  return { failed: `it returned ${JSON.stringify(verdict)}: expected false, or { retrain: true, reason: 'why' }` };
};

const valueOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
