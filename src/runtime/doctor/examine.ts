import type { Environment } from '../../config/environment.js';
import { broken, type Check, type Finding } from './finding.js';
import { duckdb, onnxRuntime, tensorflow } from './native-libraries.js';
import { cacheFolder, node, stateFolder } from './places.js';
import { postgres, temporal } from './servers.js';

/** Every part that is looked at, in the order in which it is shown. */
const CHECKS = { node, tensorflow, onnxRuntime, duckdb, temporal, postgres, stateFolder, cacheFolder } as const satisfies Record<
  string,
  Check
>;

/** Looks at every part. */
export const examine = (environment: Environment): Promise<Finding[]> =>
  Promise.all(
    Object.entries(CHECKS).map(([name, check]) =>
      check(environment).catch((error: unknown) =>
        broken(name, 'unknown', `looking at it failed: ${error instanceof Error ? error.message : String(error)}`),
      ),
    ),
  );
