import { setHandler, type SignalDefinition } from '@temporalio/workflow';
import { recordExperiences, recordMeasurement, recordNotice, type NoticeMessage } from '../../domain/learner/notices.js';
import type { LearnerState } from '../../domain/learner/state.js';
import type { NoticedTrigger } from '../../domain/triggers/trigger.js';
import {
  customTriggerSignal,
  driftDetectedSignal,
  experiencesAddedSignal,
  healthDegradedSignal,
  productionMeasuredSignal,
  scheduledSignal,
} from '../messages/learner-messages.js';

/** Sets the handlers of what asks for a training beside files and people: known ids are ignored, malformed messages counted. */
export const handleTriggers = <Entity extends { readonly state: LearnerState }>(
  entity: Entity,
  record: (entity: Entity, state: LearnerState) => void,
): void => {
  const handleNotice = (
    signal: SignalDefinition<[NoticeMessage | readonly NoticeMessage[]]>,
    trigger: NoticedTrigger,
    description: string,
  ): void =>
    setHandler(signal, (payload) => record(entity, recordNotice(entity.state, trigger, payload, Date.now())), {
      description: `${description}\nOne {id, reason, full} or a list; full trains from scratch.`,
    });
  handleNotice(driftDetectedSignal, 'drift', 'The market, or what production makes of it, has changed.');
  handleNotice(healthDegradedSignal, 'health', 'Production no longer answers soundly.');
  handleNotice(scheduledSignal, 'schedule', 'A schedule asks for a training.');
  handleNotice(customTriggerSignal, 'custom', "A user's own trigger asks for a training.");
  setHandler(experiencesAddedSignal, (payload) => record(entity, recordExperiences(entity.state, payload, Date.now())), {
    description: 'Experiences became durable.\nOne {id, count} or a list.',
  });
  setHandler(productionMeasuredSignal, (payload) => record(entity, recordMeasurement(entity.state, payload, Date.now())), {
    description: 'How production does.\nOne {id, version, net_return, days} or a list; net_return is a fraction of cash.',
  });
};
