import type { Environment } from '../../config/environment.js';
import { camelMapping, snakeMapping } from '../../config/keys.js';
import { bestVersion, comparedBy, isComparedBy } from '../../domain/model/best-version.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import { onlyInstrument } from '../only-instrument.js';
import { modelsOf, writeModels, type ListedModels, type ListedVersion, type ModelsOptions } from './list-models.js';
import type { Terminal } from '../terminal/terminal.js';

export interface BestOptions extends ModelsOptions {
  readonly metric?: string;
}

/** Versions that are looked at: the newest. */
const LOOKED_AT = '200';

/** Finds the best version of each instrument that was asked for, on its own held-out sessions. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
const findBest = async ({ instrument, metric = 'sharpe', ...options }: BestOptions, environment: Environment): Promise<ListedModels[]> => {
  const [name = ''] = Object.keys(camelMapping({ [metric]: 0 }));
  if (!isComparedBy(name))
    throw new UsedWrongly(`--metric ${JSON.stringify(metric)} is not known: expected ${Object.keys(snakeMapping(comparedBy)).join(', ')}`);
  const ask = await openApi(environment);
  const found = await Promise.all(
    (await instrumentsAsked(ask, instrument)).map((id) => modelsOf(ask, id, { ...options, limit: LOOKED_AT })),
  );
  return found.map(({ instrument: id, versions }) => {
    const best = bestVersion(versions, name, ({ metrics }: ListedVersion) => metrics[name] ?? null);
    return { instrument: id, versions: best === null ? [] : [best] };
  });
};

/** Writes the best version of each instrument. Throws as `findBest`. */
export const showBest = async (options: BestOptions, environment: Environment, terminal: Terminal): Promise<void> =>
  writeModels(await findBest(options, environment), options, terminal);

/** Name of the best version of the one instrument that is asked for. Throws as `findBest`. */
export const nameOfBest = async (options: BestOptions, environment: Environment): Promise<string> => {
  const found = await findBest(options, environment);
  const wanted =
    options.instrument === undefined
      ? onlyInstrument(found.map(({ instrument }) => instrument), 'no instrument has a learner: there is nothing to activate') // prettier-ignore
      : instrumentId(options.instrument);
  const [best] = found.find(({ instrument }) => instrument === wanted)?.versions ?? [];
  if (best !== undefined) return best.name;
  throw new UsedWrongly(`no version of ${wanted} was measured by ${options.metric ?? 'sharpe'} yet: there is no best one`);
};
