import type { Deployed, DeployRequest, RegisteredVersion, RegisterRequest } from '../domain/run-steps.js';

/** A person's change of production: which version, who decided it and why. */
export interface ChangeRequest {
  readonly operation: string;
  readonly instrument: string;
  readonly bucket: string;
  /** Null with a rollback to whatever was in production before. */
  readonly version: string | null;
  readonly by: string;
  readonly reason: string;
}

export interface VersionActivities {
  /** Registers the candidate as a version, with the decision on it. Once per run. */
  registerVersion(request: RegisterRequest): Promise<RegisteredVersion>;
}

export interface DeploymentActivities {
  /** Carries out the gate's decision: promotes, installs a first version as baseline, or leaves production alone. Once per run. */
  deployVersion(request: DeployRequest): Promise<Deployed>;
  /** Puts a version into production because a person says so. */
  promoteVersion(request: ChangeRequest): Promise<Deployed>;
  /** Puts an earlier production back. */
  rollbackVersion(request: ChangeRequest): Promise<Deployed>;
}
