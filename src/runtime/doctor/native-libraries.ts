import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { askNode } from './ask-program.js';
import { broken, healthy, type Check, type Finding } from './finding.js';

const record = z.object({ origin: z.string(), summary: z.string() });
const recordFile = new URL('../../../../node_modules/.ratchet-tensorflow.json', import.meta.url);

/** Prints the version of the library itself, which is not that of the package. */
const TENSORFLOW = `
  process.env.TF_CPP_MIN_LOG_LEVEL = '3';
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  console.log(require('@tensorflow/tfjs-node').backend().binding.TF_Version);`;

/** Native TensorFlow as set-up got it; without it training runs on the JavaScript backend. */
export const tensorflow: Check = async (): Promise<Finding> => {
  const decided = await readFile(recordFile, 'utf8').then(
    (text) => record.safeParse(JSON.parse(text)).data ?? null,
    () => null,
  );
  const origin = decided?.summary ?? 'not noted by set-up';
  const answer = await askNode(TENSORFLOW);
  if (answer.ok) return healthy('TensorFlow', answer.text, origin);
  return {
    part: 'TensorFlow',
    version: null,
    origin,
    health: 'warning',
    advice: `it does not load (${answer.reason}), so training is many times slower: run "npm run setup"`,
  };
};

const library =
  (part: string, script: string, origin: string, purpose: string): Check =>
  async () => {
    const answer = await askNode(script);
    if (answer.ok) return healthy(part, answer.text, origin);
    return broken(
      part,
      origin,
      `it does not load (${answer.reason}), and ${purpose} needs it: delete node_modules and run "npm run setup"`,
    );
  };

export const onnxRuntime = library(
  'ONNX Runtime',
  `const runtime = require('onnxruntime-node'); console.log(runtime.env.versions.node)`,
  'package onnxruntime-node',
  'serving',
);

export const duckdb = library(
  'DuckDB',
  `console.log(require('@duckdb/node-api').version().replace(/^v/, ''))`,
  'package @duckdb/node-api',
  'market data',
);
