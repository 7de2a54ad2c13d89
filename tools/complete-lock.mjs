/**
 * Adds to package-lock.json the packages of other platforms that npm left out because the registry in use did not hold them.
 * `npm ci` refuses a lock file without them ("Missing: … from lock file"), on every platform. Run after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const platforms = { darwin: 'darwin', linux: 'linux', win32: 'win32', freebsd: 'freebsd', openbsd: 'openbsd', android: 'android' };
const cpus = { arm64: 'arm64', x64: 'x64', ia32: 'ia32', arm: 'arm', ppc64: 'ppc64', s390x: 's390x', riscv64: 'riscv64' };

/** `@swc/core-linux-arm-gnueabihf` → { os: ['linux'], cpu: ['arm'], libc: ['glibc'] } */
const platformOf = (name) => {
  const words = name.split(/[/-]/);
  const os = words.map((word) => platforms[word]).filter(Boolean);
  const cpu = words.map((word) => cpus[word]).filter(Boolean);
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`the platform of ${name} cannot be told from its name`);
  const libc = name.endsWith('musl') ? ['musl'] : /-gnu/.test(name) ? ['glibc'] : [];
  return { cpu, libc: libc.length > 0 ? libc : undefined, os };
};

const added = [];
for (const [location, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const installed = [`${location}/node_modules/${name}`, `node_modules/${name}`].some((candidate) => lock.packages[candidate]);
    if (installed || !/^\d/.test(version)) continue;
    const { cpu, libc, os } = platformOf(name);
    lock.packages[`node_modules/${name}`] = { version, cpu, dev: entry.dev, libc, optional: true, os }; // keys in npm's own order
    added.push(name);
  }
}
if (added.length > 0) {
  const [root, ...rest] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.length}: ${added.join(', ')}`);
