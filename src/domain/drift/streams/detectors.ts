import { adaptiveWindow } from './adaptive-window.js';
import { pageHinkley } from './page-hinkley.js';
import type { StreamDetector } from './stream-detector.js';

/** Every detector of changes in a stream by its name in reasons. To add one: a file and a line here. */
export const streamDetectors = {
  ADWIN: adaptiveWindow,
  'Page-Hinkley': pageHinkley,
} as const satisfies Readonly<Record<string, StreamDetector>>;
