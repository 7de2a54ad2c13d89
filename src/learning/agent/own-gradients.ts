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
export const centred = (x: tf.Tensor, axis: number): tf.Tensor => {
  const centre = (values: tf.Tensor): tf.Tensor => tf.sub(values, tf.mean(values, axis, true));
  return withGradient(x, centre, centre);
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
