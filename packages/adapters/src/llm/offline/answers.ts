import { composeIndicators } from './indicators/indicator-section.ts'
import type { Intent } from './intents.ts'
import { listMissing } from './missing.ts'
import { composeRequestedRunbooks } from './room-sections.ts'
import {
  type ComposeSection,
  composeCause,
  composeContainment,
  composeImpact,
  composeNextSteps,
  composeSummary,
} from './sections.ts'
import { composeShortTimeline } from './timeline.ts'

/** Composes the section that answers a question of the intent. */
export const COMPOSE_BY_INTENT: Record<Intent, ComposeSection> = {
  runbooks: composeRequestedRunbooks,
  containment: composeContainment,
  impact: composeImpact,
  timeline: composeShortTimeline,
  indicators: composeIndicators,
  cause: composeCause,
  missing: (record, messages) => listMissing(record, messages) ?? messages.nothingMissing,
  summary: (record, messages) => composeSummary(record, messages) ?? messages.missing.summary,
  next: composeNextSteps,
}
