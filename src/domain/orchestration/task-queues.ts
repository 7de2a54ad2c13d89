/** One queue per kind of resource: workflows, short and numeric work, a trainer's device, and changes of production. */
export const taskQueues = { orchestration: 'orchestration', cpu: 'cpu', trainer: 'trainer', deploy: 'deploy' } as const;
export type TaskQueue = (typeof taskQueues)[keyof typeof taskQueues];
