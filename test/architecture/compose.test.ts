import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const service = z.object({
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const compose = z.object({ services: z.record(z.string(), service) });

const readCompose = async (): Promise<z.output<typeof compose>> =>
  compose.parse(parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }));

describe('docker-compose.yml', () => {
  it('runs entry files that the build makes, and mounts files that are there', async () => {
    for (const [name, { command, volumes }] of Object.entries((await readCompose()).services)) {
      for (const entry of (command ?? []).filter((part) => part.startsWith('dist/')))
        assert.ok(existsSync(join(root, entry)), `${name}: ${entry}`);
      for (const mount of volumes.filter((part) => part.startsWith('./configs/')))
        assert.ok(existsSync(join(root, mount.split(':')[0] ?? '')), `${name}: ${mount}`);
    }
  });

  it('publishes no port beyond loopback', async () => {
    for (const [name, { ports }] of Object.entries((await readCompose()).services))
      for (const port of ports) assert.ok(port.startsWith('127.0.0.1:'), `${name} publishes ${port}`);
  });

  it('pins the version of every image', async () => {
    for (const [name, { image }] of Object.entries((await readCompose()).services))
      assert.match(image ?? '', /:\d+\.\d+/, `${name} uses ${image ?? 'no image'}`);
  });
});
