import * as tf from '@tensorflow/tfjs';

// Functions whose gradient takes fewer operations, or rounds less, than what the chain rule makes of their parts.

/** The same values, with a gradient `factor` times as large. */
export const scaleGradient = (x: tf.Tensor, factor: number): tf.Tensor =>
  withGradient(
    x,
    (input) => tf.clone(input),
    (upstream) => tf.mul(upstream, factor),
  );

/** Less the mean over `axis`. The gradient is the upstream one less its own mean, for this is a projection and symmetric. */
export const centred = (x: tf.Tensor, axis: number): tf.Tensor =>
  withGradient(
    x,
    (input) => centre(input, axis),
    (upstream) => centre(upstream, axis),
  );

const centre = (x: tf.Tensor, axis: number): tf.Tensor => tf.sub(x, tf.mean(x, axis, true));

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016, arXiv 1607.06450) of rows [n, units]: each less its mean, divided by its deviation, times `gain`, plus `shift`; `epsilon` is
 * added to the variance. With n the normalised row and h the upstream gradient times the gain, the gradient is (h - mean(h) - n mean(h n)) / deviation; n is centred with h,
 * as its own mean is 0 but for rounding. The gain multiplies 1 / deviation first, because TensorFlow puts products of a graph into that order, and compiled and eager are to
 * round alike: where layer follows norm the gradients may all but cancel.
 */
export const layerNorm = (x: tf.Tensor, gain: tf.Tensor, shift: tf.Tensor, epsilon: number): tf.Tensor =>
  tf.customGrad((input, factor, offset, save) => {
    if (!isTensor(input) || !isTensor(factor) || !isTensor(offset) || typeof save !== 'function')
      throw new TypeError('expected three tensors and what saves them');
    const deviations = centre(input, 1);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(deviations), 1, true), epsilon));
    const scale = tf.mul(inverse, factor);
    save([deviations, inverse, scale, factor]);
    return { value: tf.add(tf.mul(deviations, scale), offset), gradFunc: layerNormGradients };
  })(x, gain, shift);

const layerNormGradients = (upstream: tf.Tensor, [deviations, inverse, scale, gain]: tf.Tensor[]): tf.Tensor[] => {
  const normalised = tf.mul(deviations!, inverse!);
  const ofGain = tf.mul(upstream, normalised);
  const along = tf.mul(tf.mean(tf.mul(ofGain, gain!), 1, true), inverse!);
  return [centre(tf.sub(tf.mul(upstream, scale!), tf.mul(normalised, along)), 1), tf.sum(ofGain, 0), tf.sum(upstream, 0)];
};

/** Huber 1964 of each error: half its square up to `delta`, linear beyond; the gradient is the error itself, but no more than `delta` either way. */
export const huber = (error: tf.Tensor, delta: number): tf.Tensor =>
  withGradient(
    error,
    (input) => {
      const size = tf.abs(input);
      const quadratic = tf.minimum(size, delta);
      // Not as half a square and a rest that cancel: a large delta, for squared losses, would leave float32 nothing of small errors.
      return tf.mul(quadratic, tf.sub(size, tf.mul(quadratic, 0.5)));
    },
    (upstream, input) => tf.mul(upstream, tf.maximum(tf.minimum(input, delta), -delta)),
  );

const withGradient = (
  x: tf.Tensor,
  value: (input: tf.Tensor) => tf.Tensor,
  gradient: (upstream: tf.Tensor, input: tf.Tensor) => tf.Tensor,
): tf.Tensor =>
  tf.customGrad((input, save) => {
    if (!(input instanceof tf.Tensor) || typeof save !== 'function') throw new TypeError('expected a tensor and what saves it');
    save([input]);
    return { value: value(input), gradFunc: (upstream: tf.Tensor, [saved]: tf.Tensor[]) => gradient(upstream, saved!) };
  })(x);
