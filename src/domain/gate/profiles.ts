import type { GateProfile, GateSettings } from './types.js';

/** What a profile sets unless the configuration does: the one-sided confidence of every bound. */
export const gateProfiles = {
  simple: { confidence: 0.9 },
  balanced: { confidence: 0.9 },
  strict: { confidence: 0.95 },
} as const satisfies Record<GateProfile, { readonly confidence: number }>;

/** The one-sided confidence that bounds must be computed at to be judged under these settings. */
export const gateConfidence = ({ profile, confidence }: Pick<GateSettings, 'profile' | 'confidence'>): number =>
  confidence ?? gateProfiles[profile].confidence;
