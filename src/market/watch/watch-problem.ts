/** Something that keeps files from being reported; said once, and again only after it was gone. */
export interface WatchProblem {
  readonly kind:
    'folder-missing' | 'folder-unreadable' | 'events-unavailable' | 'file-unreadable' | 'file-empty' | 'file-unused' | 'report-failed';
  /** The folder or file. */
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** Passes on each problem once until it is solved. */
export interface ProblemBook {
  report(problem: WatchProblem): void;
  /** The problem is gone: should it come back, it is said again. */
  solved(kind: WatchProblem['kind'], path: string): boolean;
  /** What is not solved, oldest first. */
  open(): readonly WatchProblem[];
}

export const createProblemBook = (onProblem: (problem: WatchProblem) => void): ProblemBook => {
  const open = new Map<string, WatchProblem>();
  const key = (kind: string, path: string): string => `${kind} ${path}`;
  return {
    report(problem) {
      const entry = key(problem.kind, problem.path);
      if (open.has(entry)) return;
      open.set(entry, problem);
      onProblem(problem);
    },
    solved: (kind, path) => open.delete(key(kind, path)),
    open: () => [...open.values()],
  };
};
