/**
 * `ratchet/monitoring`: the health checks of Ratchet's trainer for any training loop. Feed `createHealthMonitor` the figures of each step (`loss`,
 * `qLoss`, `gradientNorm`) and, every so often, those of the network (`activityFigures`); ask `remedyFor` what to do about a finding.
 */
export { healthLimits, type Fault, type Figures, type HealthCheck, type HealthLimits, type Observed } from './check.js';
export { healthChecks } from './checks.js';
export { againstUsual } from './checks/usual.js';
export { createHealthMonitor, type HealthFinding, type HealthMonitor, type HealthMonitorOptions } from './create-health-monitor.js';
export { activityFigures, DORMANT, dormantUnits, type LayerActivity } from './layer-activity.js';
export { remedyFor, remedyPolicy, type Remedy, type RemedyPolicy } from './remedy.js';
export { tagged, tensorboardTags } from './tags.js';
