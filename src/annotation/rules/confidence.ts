import type { AnnotationRule } from '../trade-facts.js';

const SURE = 0.7;
const UNSURE = 0.3;

/** Whether the model was as sure as it should have been. */
export const confidence: AnnotationRule = ({ confidence: mass, pnl }) => {
  if (mass === null || pnl === 0) return null;
  const said = `the model gave its choice ${mass.toFixed(2)} of the softmax mass, and the result was ${pnl.toFixed(2)}`;
  if (mass >= SURE)
    return { lesson: pnl > 0 ? 'Confidence was justified' : 'The model was sure and wrong: look for what it has not seen', because: said };
  if (mass <= UNSURE && pnl < 0) return { lesson: 'Stay flat when the model is unsure', because: said };
  return null;
};
