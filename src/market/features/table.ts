import type { FeatureDefinition } from './definition.js';
import { bollingerPlace, emaDistance, macdHistogram, relativeStrength, stochasticPlace } from './oscillators.js';
import { pastSituations } from './memory.js';
import { closeLocation, closeReturn, momentum, range, relativeAtr } from './price.js';
import { overnightGap, timeOfDay, vwapDistance } from './session.js';
import { fibonacciDirection, fibonacciPlace, ichimokuCloud, ichimokuCross } from './trend.js';
import { moneyFlow, moneyFlowIndex, relativeVolume, signedVolume, volumeConfirmation, volumeCorrelation } from './volume.js';

/** Every feature that an observation can name. A new one is a definition and a line here; the contract test takes it from this table. */
export const FEATURES: readonly FeatureDefinition[] = [
  closeReturn,
  range,
  closeLocation,
  relativeAtr,
  momentum(5),
  momentum(15),
  momentum(60),
  relativeVolume,
  moneyFlow(5),
  moneyFlow(15),
  moneyFlow(30),
  signedVolume(5),
  signedVolume(15),
  signedVolume(30),
  volumeCorrelation(10),
  volumeCorrelation(20),
  volumeCorrelation(40),
  volumeConfirmation(1),
  volumeConfirmation(4),
  volumeConfirmation(12),
  moneyFlowIndex,
  relativeStrength,
  bollingerPlace,
  macdHistogram,
  emaDistance,
  stochasticPlace,
  timeOfDay,
  vwapDistance,
  overnightGap,
  ichimokuCross,
  ichimokuCloud,
  fibonacciPlace,
  fibonacciDirection,
  pastSituations,
];
