// Writes NOTICE: what each package that ships with Ratchet says of its licence. Run `node tools/notice.mjs` after changing dependencies.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const shipped = Object.entries(lock.packages)
  .filter(([path, entry]) => path.startsWith('node_modules/') && entry.dev !== true)
  .map(([path, entry]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version,
    licence: entry.license ?? 'see the package',
  }));
const lines = [...new Set(shipped.map(({ name, version, licence }) => `${name} ${version}: ${licence}`))].sort();

writeFileSync(
  join(root, 'NOTICE'),
  `Ratchet
Licensed under the Apache License, Version 2.0.

Ratchet uses these packages, each under its own licence, whose text is in the package:

${lines.join('\n')}

Set-up can add, in the user's cache: TensorFlow (Apache-2.0), the Temporal CLI and server (MIT).
`,
);
