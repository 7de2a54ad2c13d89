import type { Dialect } from './dialect.js';

const BUCKETS = 'buckets are not trained yet';
const UPDATES = 'there is no update feed yet';
const MONITORING = 'monitoring is always on and its measures are fixed';
const FOLDERS = 'state lives in one folder: set RATCHET_HOME';

/** The upper-case JSON dialect of progressive training. */
export const upperCaseDialect: Dialect = {
  name: 'upper-case JSON',
  recognises: (keys) => keys.length > 0 && keys.every((key) => /^[A-Z][A-Z0-9_]*$/.test(key)),
  paths: {
    LEARNING_RATE: 'training.agent.learningRate',
    GAMMA: 'training.agent.gamma',
    BATCH_SIZE: 'training.batchSize',
    BUFFER_SIZE: 'training.bufferSize',
    'LOGGING.LEVEL': 'logging.level',
    'LOGGING.MAX_FILE_SIZE_MB': 'logging.maxFileMb',
    'LOGGING.BACKUP_COUNT': 'logging.keep',
  },
  unused: {
    MODELS_DIR: FOLDERS,
    DATA_DIR: FOLDERS,
    LOG_DIR: FOLDERS,
    MAX_EPISODES: BUCKETS,
    USE_GPU: 'a GPU is used when the trainer has one: set CUDA_VISIBLE_DEVICES',
    MEMORY_LIMIT_PERCENT: BUCKETS,
    MEMORY_WARNING_PERCENT: BUCKETS,
    PROGRESSIVE_TRAINING: BUCKETS,
    KNOWLEDGE_TRANSFER: BUCKETS,
    BUCKET_CONFIGS: BUCKETS,
    MONITORING,
    UPDATE_SYSTEM: UPDATES,
    'LOGGING.FILE_LOGGING': 'log files are always written',
    'LOGGING.CONSOLE_LOGGING': 'the console shows progress; the log files hold the log',
    'LOGGING.ROTATION_WHEN': 'log files rotate at midnight and by size',
    'LOGGING.LOG_FORMAT': 'log lines are JSON',
  },
};
