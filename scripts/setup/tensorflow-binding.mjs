import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSize, fillFolder } from './files.mjs';
import { withLock } from './lock.mjs';
import { packageFolder } from './places.mjs';
import { onPath, run } from './run.mjs';

const BUILD_TIMEOUT_MS = 600_000;
/** The version of Node-API that the binding is written for; it is stable over Node's own versions. */
const NAPI_VERSION = 8;

/** The path of tfjs-node's binding in the cache, built against `library` unless the same was built before. */
export const buildBinding = async (step, { library, name, tfjsNode, cache }) => {
  const sources = join(tfjsNode, 'binding');
  const folder = join(cache, 'tensorflow', `binding-${name}-napi${NAPI_VERSION}-${await keyOf(sources, library)}`);
  const binding = join(folder, 'tfjs_binding.node');
  await withLock(
    `${folder}.lock`,
    (pid) => step.doing(`waiting for process ${pid}, which is building the same binding`),
    async () => {
      if ((await fileSize(binding)) !== null) return;
      const compiler = await findCompiler();
      step.doing('building its Node-API binding (about 15 s), because the stock one is tied to an old TensorFlow');
      await fillFolder(folder, (temporary) =>
        compile(compiler, { sources, library, tfjsNode, output: join(temporary, 'tfjs_binding.node') }),
      );
    },
  );
  return binding;
};

/** The sources and the place of the library, which is written into the binding, decide what is built. */
const keyOf = async (sources, library) => {
  const hash = createHash('sha256').update(library.folder);
  for (const file of (await readdir(sources)).sort()) hash.update(file).update(await readFile(join(sources, file)));
  return hash.digest('hex').slice(0, 16);
};

const findCompiler = async () => {
  for (const name of ['g++', 'clang++', 'c++']) if (await onPath(name)) return name;
  throw new Error('A C++ compiler (g++ or clang++), which builds the binding, is not installed.');
};

const compile = async (compiler, { sources, library, tfjsNode, output }) => {
  const includes = [sources, tfjsNode, join(packageFolder('node-api-headers'), 'include'), library.include].map((folder) => `-I${folder}`);
  const flags = ['-std=c++17', '-O2', '-shared', '-fPIC', `-DNAPI_VERSION=${NAPI_VERSION}`];
  const files = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, file));
  const link = [...library.libraries, `-Wl,-rpath,${library.folder}`];
  const result = await run(compiler, [...flags, ...includes, ...files, '-o', output, ...link], { timeoutMs: BUILD_TIMEOUT_MS });
  if (!result.ok) throw new Error(`The binding could not be compiled with ${compiler} (${result.tail || result.reason}).`);
};
