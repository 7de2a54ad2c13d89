import type { Dialect } from './dialect.js';

const SEQUENCE = 'a sequence of buckets is started by `ratchet train --sequence`';
const MEMORY = 'memory is not watched yet';
const HORIZONS = 'horizons are not handed on yet';
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
    MAX_EPISODES: 'progressive.maxEpisodes',
    'PROGRESSIVE_TRAINING.SEQUENCE': 'progressive.sequence',
    'PROGRESSIVE_TRAINING.EPISODES_PER_BUCKET': 'progressive.episodesPerBucket',
    'PROGRESSIVE_TRAINING.PAUSE_BETWEEN_BUCKETS': 'progressive.pauseBetweenBucketsSeconds',
    'PROGRESSIVE_TRAINING.TRANSFER_KNOWLEDGE': 'progressive.transfer.enabled',
    'KNOWLEDGE_TRANSFER.ENABLED': 'progressive.transfer.enabled',
    'KNOWLEDGE_TRANSFER.TRANSFER_WEIGHTS': 'progressive.transfer.weights',
    'KNOWLEDGE_TRANSFER.TRANSFER_FEATURES': 'progressive.transfer.features',
    'KNOWLEDGE_TRANSFER.FEATURE_TRANSFER_ALPHA': 'progressive.transfer.featureAlpha',
    'KNOWLEDGE_TRANSFER.WEIGHT_TRANSFER_ALPHA': 'progressive.transfer.weightAlpha',
    'BUCKET_CONFIGS.*.MIN_HORIZON': 'buckets.*.horizon.shortest',
    'BUCKET_CONFIGS.*.MAX_HORIZON': 'buckets.*.horizon.longest',
    'BUCKET_CONFIGS.*.FEATURES': 'buckets.*.features',
    'BUCKET_CONFIGS.*.LEARNING_RATE': 'buckets.*.learningRate',
    'LOGGING.LEVEL': 'logging.level',
    'LOGGING.MAX_FILE_SIZE_MB': 'logging.maxFileMb',
    'LOGGING.BACKUP_COUNT': 'logging.keep',
  },
  unused: {
    MODELS_DIR: FOLDERS,
    DATA_DIR: FOLDERS,
    LOG_DIR: FOLDERS,
    USE_GPU: 'a GPU is used when the trainer has one: set CUDA_VISIBLE_DEVICES',
    MEMORY_LIMIT_PERCENT: MEMORY,
    MEMORY_WARNING_PERCENT: MEMORY,
    'PROGRESSIVE_TRAINING.ENABLED': SEQUENCE,
    'KNOWLEDGE_TRANSFER.TRANSFER_HORIZONS': HORIZONS,
    'KNOWLEDGE_TRANSFER.MAX_MEMORY_USAGE': MEMORY,
    MONITORING,
    UPDATE_SYSTEM: UPDATES,
    'LOGGING.FILE_LOGGING': 'log files are always written',
    'LOGGING.CONSOLE_LOGGING': 'the console shows progress; the log files hold the log',
    'LOGGING.ROTATION_WHEN': 'log files rotate at midnight and by size',
    'LOGGING.LOG_FORMAT': 'log lines are JSON',
  },
};
