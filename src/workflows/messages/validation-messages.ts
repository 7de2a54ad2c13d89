import { defineQuery } from '@temporalio/workflow';
import type { ValidationProgress } from '../../domain/validation/validation-run.js';

export const validationProgressQuery = defineQuery<ValidationProgress>('progress');
