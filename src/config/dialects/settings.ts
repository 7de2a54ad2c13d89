import type { Dialect } from './dialect.js';

/** The flat `settings.json` of NinjaTrader users. */
export const settingsDialect: Dialect = {
  name: 'settings.json',
  recognises: (keys) => keys.includes('nt8_data_path') || keys.includes('auto_retrain_enabled'),
  paths: { nt8_data_path: 'watch.path', auto_retrain_enabled: 'autoRetrain.enabled', performance_mode: 'performance.mode' },
  unused: {},
};
