/** The two branches of an action. Bins are symmetric about the middle: the middle quantity is flat, the middle price is the close. */
export interface ActionBins {
  readonly price: number;
  readonly quantity: number;
}

const half = (bins: number): number => (bins - 1) / 2;

/** Target position of a quantity bin, in [-1, 1] of `maxPosition`; bin 5 of 11 is flat. */
export const targetPosition = (quantityBin: number, bins: ActionBins): number => (quantityBin - half(bins.quantity)) / half(bins.quantity);

/** Limit offset of a price bin in ticks *towards the market*: +3 pays up to 3 ticks more (buy) or takes 3 less (sell), -3 waits for a better price. */
export const limitOffsetTicks = (priceBin: number, bins: ActionBins): number => priceBin - half(bins.price);

/** The quantity bin nearest to a continuous action in [-1, 1]. */
export const quantityBin = (action: number, bins: ActionBins): number =>
  Math.round((Math.max(-1, Math.min(1, action)) + 1) * half(bins.quantity));
