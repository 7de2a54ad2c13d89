import { writeFile } from 'node:fs/promises';
import { bundlePath, bundleWorkflows } from './workflow-bundle.js';

// Run by the build: workers then start without bundling.
const { code } = await bundleWorkflows();
await writeFile(bundlePath, code);
