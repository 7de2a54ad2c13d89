import { mkdir, readFile, rm, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSize, fillFolder, readJson, writeWhole } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';

export const TENSORFLOW_VERSION = '2.21.0';
const DOWNLOAD_TIMEOUT_MS = 1_500_000;
const pins = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Libraries that the wheels of each platform hold: packages pinned by SHA-256, and the tags under which pip finds them. */
const LIBRARIES = {
  'cpu linux-x64': { packages: pins('tensorflow-cpu-x64.txt'), tags: ['manylinux_2_27_x86_64'] },
  'cpu linux-arm64': { packages: pins('tensorflow-cpu-arm64.txt'), tags: ['manylinux_2_27_aarch64'] },
  'gpu linux-x64': {
    packages: pins('tensorflow-gpu-x64.txt'),
    tags: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64', 'manylinux1_x86_64'],
  },
};

/** Which library this machine should have: `cpu`, `gpu`, or `auto` (gpu when the NVIDIA driver answers). */
export const libraryFor = async (choice) => {
  const kind = choice === 'cpu' || choice === 'gpu' ? choice : (await hasNvidia()) ? 'gpu' : 'cpu';
  const platform = `${process.platform}-${process.arch}`;
  const name = `${kind}-${TENSORFLOW_VERSION}-${platform}`;
  const library = LIBRARIES[`${kind} ${platform}`];
  if (library === undefined) return { name, packages: null, why: `PyPI's wheels are used on Linux only, and this is ${platform}.` };
  return { name, title: `${TENSORFLOW_VERSION} (${kind === 'gpu' ? 'GPU, CUDA 12' : 'CPU'})`, ...library };
};

const hasNvidia = async () => {
  if (process.platform !== 'linux') return false;
  const listed = await run('nvidia-smi', ['--list-gpus'], { timeoutMs: 30_000 });
  return listed.ok && listed.output.includes('GPU ');
};

/** The library's folder in the cache, filled when it is not whole: { include, folder, libraries }. */
export const fetchLibrary = async (step, { name, packages, tags, title }, cache) => {
  const folder = join(cache, 'tensorflow', name);
  const library = {
    include: join(folder, 'tensorflow', 'include'),
    folder: join(folder, 'tensorflow'),
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((file) => join(folder, 'tensorflow', file)),
  };
  await withLock(
    `${folder}.lock`,
    (pid) => step.doing(`waiting for process ${pid}, which is fetching the same library`),
    async () => {
      if (await isWhole(folder)) return;
      step.doing(
        `downloading TensorFlow ${title} from PyPI (some hundred MB, once for all clones), because it trains many times faster than JavaScript`,
      );
      await fillFolder(folder, (temporary) => fetchWheels(temporary, packages, tags));
    },
  );
  return library;
};

const isWhole = async (folder) => {
  const manifest = await readJson(join(folder, 'manifest.json'));
  if (manifest === null) return false;
  for (const [file, bytes] of Object.entries(manifest.files)) if ((await fileSize(join(folder, file))) !== bytes) return false;
  return true;
};

const fetchWheels = async (folder, packages, tags) => {
  const python = await pythonWithPip();
  const wheels = join(folder, 'wheels');
  await mkdir(wheels);
  const platforms = tags.flatMap((tag) => ['--platform', tag]);
  const choice = ['--no-deps', '--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11', ...platforms];
  const result = await run(
    python,
    ['-m', 'pip', 'download', '--quiet', '--no-cache-dir', '--require-hashes', ...choice, '--dest', wheels, '--requirement', packages],
    { timeoutMs: DOWNLOAD_TIMEOUT_MS },
  );
  if (!result.ok) throw new Error(`pip could not download ${(await readFile(packages, 'utf8')).split(' ')[0]} (${lastError(result)}).`);
  const files = {};
  for (const wheel of await readdir(wheels)) {
    const unpacked = await run(python, ['-c', UNPACK, join(wheels, wheel), folder]);
    if (!unpacked.ok) throw new Error(`${wheel} could not be unpacked (${unpacked.tail || unpacked.reason}).`);
    Object.assign(files, JSON.parse(unpacked.output));
  }
  await rm(wheels, { recursive: true });
  await writeWhole(join(folder, 'manifest.json'), JSON.stringify({ version: TENSORFLOW_VERSION, files }));
};

const lastError = ({ tail, reason }) =>
  tail
    .split('\n')
    .findLast((line) => line.startsWith('ERROR'))
    ?.slice(7) ??
  (tail || reason);

const pythonWithPip = async () => {
  for (const name of ['python3', 'python']) if ((await run(name, ['-m', 'pip', '--version'])).ok) return name;
  throw new Error('Python with pip, which fetches the library from PyPI, is not installed.');
};

/** Unpacks the two libraries, the C headers and CUDA's libraries from a wheel; prints the libraries' sizes. */
const UNPACK = `
import json, re, sys, zipfile
wanted = re.compile(r'tensorflow/(libtensorflow_(cc|framework)\\.so\\.2|include/(tensorflow/c/|tensorflow/core/platform/ctstring|tsl/platform/ctstring|xla/tsl/c/).*\\.h)$|nvidia/.*\\.so[.0-9]*$|nvidia/cuda_nvcc/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    members = [member for member in wheel.infolist() if wanted.match(member.filename)]
    wheel.extractall(sys.argv[2], members)
print(json.dumps({member.filename: member.file_size for member in members if not member.filename.endswith('.h')}))
`;
