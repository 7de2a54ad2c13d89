/** The public face of this folder. */
export { createJsonReporter } from './json-reporter.js';
export { runStart } from './run-start.js';
export { createTextReporter } from './text-reporter.js';
