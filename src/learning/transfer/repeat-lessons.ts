import type { NamedTensor } from '../learner.js';
import { TEACHER_AGE } from './kickstart.js';

/** What holds the tensors of a training. */
interface Student {
  state(): NamedTensor[];
  load(tensors: readonly NamedTensor[]): void;
}

/** Moved on one step of all lanes at a time. */
interface Steps {
  step(): number;
  advance(): void;
}

/**
 * A training that listens to its teacher anew each time that it passes a multiple of `every` environment steps, as at first. What it does depends on
 * its step and its tensors alone, so it resumes with the same bits.
 */
export const repeatLessons = <Trainer extends Steps>(trainer: Trainer, student: Student, every: number): Trainer => ({
  ...trainer,
  advance() {
    const before = trainer.step();
    trainer.advance();
    if (Math.floor(trainer.step() / every) > Math.floor(before / every)) student.load(student.state().map(young));
  },
});

const young = (tensor: NamedTensor): NamedTensor =>
  tensor.name === TEACHER_AGE ? { ...tensor, values: new Float32Array(tensor.values.length) } : tensor;
