import assert from 'node:assert/strict';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../../src/workers/workflow-bundle.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What workflows may be made of: the project's own, Temporal's, and what that pulls in. */
const allowed = [
  /^dist\/src\/(workflows|domain)\//,
  /^node_modules\/@temporalio\/(workflow|common|proto|activity\/lib\/(index|types))\//,
  /^node_modules\/(long|ms|nexus-rpc|protobufjs|proto3-json-serializer|@protobufjs\/[a-z-]+|heap-js)\//,
];

/** Every file of the bundle, relative to the project, with `/` between names. */
const bundledFiles = async (): Promise<readonly string[]> => {
  const files = new Set<string>();
  await bundleWorkflows({
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        {
          apply(compiler) {
            compiler.hooks.compilation.tap('modules', (compilation) =>
              compilation.hooks.finishModules.tap('modules', (modules) => {
                for (const { type, identifier } of [...modules].map((module) => ({ type: module.type, identifier: module.identifier() })))
                  if (type.startsWith('javascript') || type.startsWith('json')) files.add(plain(identifier));
              }),
            );
          },
        },
      ],
    }),
  });
  return [...files].filter((file) => file !== '');
};

/** The path in a module's identifier, from the project or from its packages, wherever these lie; empty for what is not a file. */
const plain = (identifier: string): string => {
  const path = identifier.split('|').find((part) => part.startsWith(sep) || /^[A-Z]:/.test(part)) ?? '';
  if (path === '') return '';
  const file = relative(root, path.split('!').at(-1) ?? path)
    .split(sep)
    .join('/');
  return file.slice(Math.max(0, file.lastIndexOf('node_modules/')));
};

describe('the workflow bundle', () => {
  it('holds workflows, domain and what Temporal brings, and nothing else', async () => {
    const files = await bundledFiles();
    assert.ok(files.includes('dist/src/workflows/learner.js') && files.includes('dist/src/domain/gate/judge.js'), files.join('\n'));
    const strange = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
    assert.deepEqual(strange, []);
  }).timeout(60_000);
});
