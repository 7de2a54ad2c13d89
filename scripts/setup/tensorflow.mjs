import { copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildBinding } from './tensorflow-binding.mjs';
import { fetchLibrary, libraryFor } from './tensorflow-library.mjs';
import { fileSize, readJson, writeWhole } from './files.mjs';
import { packageFolder, root } from './places.mjs';
import { run } from './run.mjs';

const LOAD_TIMEOUT_MS = 120_000;
const PREBUILT_TIMEOUT_MS = 600_000;
const tfjsNode = packageFolder('@tensorflow/tfjs-node');
const bindingPlace = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
/** What set-up decided, for `doctor` and for the next set-up; npm removes it together with the binding. */
const record = join(root, 'node_modules', '.ratchet-tensorflow.json');

/** Makes native TensorFlow ready: built against PyPI's library, else the package's own, else none, which is said and not an error. */
export const prepareTensorflow = async (step, { cache }) => {
  const wanted = await libraryFor(process.env.RATCHET_TENSORFLOW ?? 'auto');
  const known = await readJson(record);
  if (known && known.wanted === wanted.name && (await isInPlace(known))) return step.done(known.summary);
  const problems = [];
  for (const way of [builtAgainstWheel, ownPrebuilt]) {
    const result = await way(step, wanted, cache);
    if (result.ok) {
      await remember({ wanted: wanted.name, ...result.is });
      return step.done(result.is.summary);
    }
    problems.push(result.why);
  }
  await remember({ wanted: wanted.name, origin: 'none', summary: 'none: training runs on the JavaScript backend, slowly' });
  step.warn(
    `Native TensorFlow could not be had, so training uses the JavaScript backend: the same results, but many times slower. ${problems.join(' ')} Mend one of these and run "npm run setup"; "npm run doctor" shows what is used.`,
  );
};

const remember = async (decision) => {
  await writeWhole(record, `${JSON.stringify(decision, null, 2)}\n`);
};

/** Nothing was tampered with or cleaned away since the decision; without a native library, another try is due after each `npm ci`. */
const isInPlace = async ({ origin, files = [] }) => {
  for (const { path, bytes } of files) if ((await fileSize(path)) !== bytes) return false;
  return origin === 'none' || (await fileSize(bindingPlace)) !== null;
};

const builtAgainstWheel = async (step, wanted, cache) => {
  if (wanted.packages === null) return { ok: false, why: wanted.why };
  try {
    const library = await fetchLibrary(step, wanted, cache);
    const binding = await buildBinding(step, { library, name: wanted.name, tfjsNode, cache });
    await place(binding);
    const loaded = await loads();
    if (!loaded.ok) throw new Error(`The binding was built, but does not load (${loaded.tail || loaded.reason}).`);
    const files = [];
    for (const path of [binding, ...library.libraries]) files.push({ path, bytes: await fileSize(path) });
    return { ok: true, is: { origin: 'wheel', summary: `${wanted.title}, built against PyPI's wheel, in the cache`, files } };
  } catch (error) {
    return { ok: false, why: error.message };
  }
};

/** A link where that is allowed, else (Windows without the privilege) a copy; the path to the library is inside the binding. */
const place = async (binding) => {
  await mkdir(dirname(bindingPlace), { recursive: true });
  await rm(bindingPlace, { force: true });
  await symlink(binding, bindingPlace).catch(() => copyFile(binding, bindingPlace));
};

/** The package's own install script: downloads libtensorflow 2.9 and a prebuilt binding. The only way on Windows. */
const ownPrebuilt = async (step) => {
  step.doing("trying the package's own prebuilt library, because it could not be built here");
  await rm(bindingPlace, { force: true });
  const bin = join(root, 'node_modules', '.bin');
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = { [key]: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env[key] ?? ''}` };
  const result = await run(process.execPath, [join(tfjsNode, 'scripts', 'install.js')], {
    cwd: tfjsNode,
    env,
    timeoutMs: PREBUILT_TIMEOUT_MS,
  });
  const loaded = await loads();
  if (loaded.ok) return { ok: true, is: { origin: 'prebuilt', summary: "2.9, the package's own prebuilt library" } };
  return { ok: false, why: `The package's own prebuilt library could not be had (${lastLine(result.ok ? loaded : result)}).` };
};

const loads = () => run(process.execPath, ['--eval', 'require(process.argv[1])', bindingPlace], { timeoutMs: LOAD_TIMEOUT_MS });

const lastLine = ({ tail, reason }) =>
  tail
    .split('\n')
    .findLast((line) => /error|cannot|not found|ENOTFOUND/i.test(line))
    ?.trim() ?? reason;
