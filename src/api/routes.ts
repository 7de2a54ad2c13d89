import type { PolicyServer } from '../serving/create-policy-server.js';
import type { Api } from './app.js';
import type { ApiDependencies } from './dependencies.js';
import { addDecisionRoute } from './routes/decision.js';
import { addExperienceGridRoute } from './routes/experiences/experience-grids.js';
import { addExperienceViews } from './routes/experiences/experience-views.js';
import { addExperienceRoutes } from './routes/experiences/experiences.js';
import { addLessonRoutes } from './routes/experiences/lessons.js';
import { addEvidenceRoute } from './routes/evidence.js';
import { addFineTuningRoutes } from './routes/fine-tuning.js';
import { addGuideRoutes } from './routes/guides.js';
import { addInstrumentRoutes } from './routes/instruments.js';
import { addMetricsRoute } from './routes/metrics.js';
import { addModelRoutes } from './routes/models.js';
import { addSequenceRoutes } from './routes/sequences.js';
import { addServiceRoutes } from './routes/service.js';
import { addServingRoutes } from './routes/serving.js';
import { addTransferRoutes } from './routes/transfers.js';
import { addValidationRoutes } from './routes/validations.js';

/** Every route of the API. */
export const addRoutes = (api: Api, dependencies: ApiDependencies, policies: PolicyServer): void => {
  addMetricsRoute(api, dependencies.metrics);
  addServiceRoutes(api, dependencies);
  addInstrumentRoutes(api, dependencies);
  addModelRoutes(api, dependencies);
  addEvidenceRoute(api, dependencies);
  addGuideRoutes(api, dependencies);
  addDecisionRoute(api, policies, dependencies);
  addExperienceRoutes(api, dependencies);
  addExperienceGridRoute(api, dependencies);
  addExperienceViews(api, dependencies);
  addFineTuningRoutes(api, dependencies);
  addLessonRoutes(api, dependencies);
  addSequenceRoutes(api, dependencies);
  addTransferRoutes(api, dependencies);
  addValidationRoutes(api, dependencies);
  addServingRoutes(api, dependencies, policies);
};
