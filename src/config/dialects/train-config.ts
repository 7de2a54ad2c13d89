import type { Dialect } from './dialect.js';

const EXPERIENCES = 'experiences are not collected yet';

/** `train_config.yaml`: automatic retraining and continuous learning in two groups. */
export const trainConfigDialect: Dialect = {
  name: 'train_config.yaml',
  recognises: (keys) => keys.includes('continuous_learning'),
  paths: {
    'auto_retrain.enabled': 'autoRetrain.enabled',
    'auto_retrain.queue_retrain_on_completion': 'autoRetrain.queueRetrainOnCompletion',
    'auto_retrain.min_new_data_files': 'autoRetrain.minNewDataFiles',
    'auto_retrain.debounce_seconds': 'autoRetrain.debounceSeconds',
    'continuous_learning.retrain_frequency': 'autoRetrain.retrainFrequency',
    'continuous_learning.min_experiences': 'autoRetrain.minExperiences',
    'continuous_learning.evaluation_episodes': 'evaluation.evaluationEpisodes',
    'continuous_learning.experience_buffer_size': 'experiences.bufferSize',
    'continuous_learning.experience_storage': 'experiences.storage',
  },
  unused: {
    'continuous_learning.min_annotated_for_finetune': EXPERIENCES,
  },
};
