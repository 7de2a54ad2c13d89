import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a checkpoint belongs to; a resume refuses any other. */
export interface CheckpointOwner {
  readonly runId: string;
  /** SHA-256 of the training configuration. */
  readonly config: string;
  /** Dataset id. */
  readonly dataset: string;
}

/** Names of files and folders have no separators: a manifest cannot point outside its folder. */
const plainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);

/** What `manifest.json` says about the files beside it; written last. */
export const checkpointManifest = z.strictObject({
  format: z.literal(1),
  runId: z.string(),
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  files: z.array(z.strictObject({ name: plainName, bytes: z.number().int().nonnegative(), sha256: sha256Text })),
  /** The processor that it was made on: equal bits are promised on the same kind only. */
  hardware: z.string(),
  dataset: z.string(),
  config: z.string(),
});
export type CheckpointManifest = z.infer<typeof checkpointManifest>;

export const MANIFEST = 'manifest.json';

/** Lower-case hex SHA-256. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const NAME = /^step-(\d{12})-epoch-(\d{6})-([0-9a-f]{12})$/;

/** A checkpoint's folder says its step and epoch, in order of names, and seals its manifest by the start of its hash. Never used twice for other content. */
export const checkpointName = (step: number, epoch: number, manifestSha256: string): string =>
  `step-${String(step).padStart(12, '0')}-epoch-${String(epoch).padStart(6, '0')}-${manifestSha256.slice(0, 12)}`;

export interface CheckpointName {
  readonly name: string;
  readonly step: number;
  readonly epoch: number;
  readonly seal: string;
}

/** The checkpoints among the names of a folder, newest first: by step *number*, then epoch. */
export const checkpointNames = (names: readonly string[]): CheckpointName[] =>
  names
    .flatMap((name) => {
      const [, step, epoch, seal] = NAME.exec(name) ?? [];
      return seal === undefined ? [] : [{ name, step: Number(step), epoch: Number(epoch), seal }];
    })
    .sort((a, b) => b.step - a.step || b.epoch - a.epoch || (a.name < b.name ? -1 : 1));
