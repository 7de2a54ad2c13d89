import type { Dialect } from './dialect.js';

const SEQUENCE = 'a sequence of buckets is started by `ratchet train --sequence`';
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
    USE_GPU: 'performance.gpu',
    MEMORY_WARNING_PERCENT: 'memory.warning',
    MEMORY_LIMIT_PERCENT: 'memory.limit',
    'PROGRESSIVE_TRAINING.SEQUENCE': 'progressive.sequence',
    'PROGRESSIVE_TRAINING.EPISODES_PER_BUCKET': 'progressive.episodesPerBucket',
    'PROGRESSIVE_TRAINING.PAUSE_BETWEEN_BUCKETS': 'progressive.pauseBetweenBucketsSeconds',
    'PROGRESSIVE_TRAINING.TRANSFER_KNOWLEDGE': 'progressive.transfer.enabled',
    'KNOWLEDGE_TRANSFER.ENABLED': 'progressive.transfer.enabled',
    'KNOWLEDGE_TRANSFER.TRANSFER_WEIGHTS': 'progressive.transfer.weights',
    'KNOWLEDGE_TRANSFER.TRANSFER_FEATURES': 'progressive.transfer.features',
    'KNOWLEDGE_TRANSFER.TRANSFER_HORIZONS': 'progressive.transfer.horizons',
    'KNOWLEDGE_TRANSFER.ENABLE_REVERSE_TRANSFER': 'progressive.transfer.reverse',
    'KNOWLEDGE_TRANSFER.TRANSFER_COOLDOWN': 'progressive.transfer.cooldownEpisodes',
    'KNOWLEDGE_TRANSFER.MAX_MEMORY_USAGE': 'memory.transfer',
    'KNOWLEDGE_TRANSFER.MEMORY_THRESHOLD': 'memory.transfer',
    'KNOWLEDGE_TRANSFER.FEATURE_TRANSFER_ALPHA': 'progressive.transfer.featureAlpha',
    'KNOWLEDGE_TRANSFER.WEIGHT_TRANSFER_ALPHA': 'progressive.transfer.weightAlpha',
    'BUCKET_CONFIGS.*.MIN_HORIZON': 'buckets.*.horizon.shortest',
    'BUCKET_CONFIGS.*.MAX_HORIZON': 'buckets.*.horizon.longest',
    'BUCKET_CONFIGS.*.FEATURES': 'buckets.*.features',
    'BUCKET_CONFIGS.*.LEARNING_RATE': 'buckets.*.learningRate',
    'BUCKET_CONFIGS.*.REGIMES': 'buckets.*.regimes',
    'LOGGING.LEVEL': 'logging.level',
    'LOGGING.MAX_FILE_SIZE_MB': 'logging.maxFileMb',
    'LOGGING.BACKUP_COUNT': 'logging.keep',
  },
  unused: {
    MODELS_DIR: FOLDERS,
    DATA_DIR: FOLDERS,
    LOG_DIR: FOLDERS,
    'PROGRESSIVE_TRAINING.ENABLED': SEQUENCE,
    MONITORING,
    UPDATE_SYSTEM: UPDATES,
    'LOGGING.FILE_LOGGING': 'log files are always written',
    'LOGGING.CONSOLE_LOGGING': 'the console shows progress; the log files hold the log',
    'LOGGING.ROTATION_WHEN': 'log files rotate at midnight and by size',
    'LOGGING.LOG_FORMAT': 'log lines are JSON',
  },
};
