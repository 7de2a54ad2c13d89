import type { Dialect } from './dialect.js';

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
    'continuous_learning.min_annotated_for_finetune': 'experiences.minAnnotatedForFinetune',
  },
  unused: {
    'continuous_learning.experience_storage': 'archived days are artifacts: `ratchet experiences export --day DAY` writes one out',
  },
};
