import { fileURLToPath } from 'node:url';

/** Where recorded histories are: beside the sources, not the build. */
export const historiesFolder = fileURLToPath(new URL('../../../test/replay/histories', import.meta.url));
