import { listGaps } from './gaps.ts'
import { indicatorsSection } from './indicators/indicator-section.ts'
import type { Intent } from './intents.ts'
import { requestedRunbooksSection } from './room-sections.ts'
import {
  causeSection,
  containmentSection,
  impactSection,
  nextSection,
  type Section,
  summarySection,
} from './sections.ts'
import { timelineSection } from './timeline.ts'

/** Answers a question of each intent. */
export const ANSWERS: Record<Intent, Section> = {
  runbooks: requestedRunbooksSection,
  containment: containmentSection,
  impact: impactSection,
  timeline: timelineSection,
  indicators: indicatorsSection,
  cause: causeSection,
  gaps: (record, messages) => listGaps(record, messages) ?? messages.noGaps,
  summary: (record, messages) => summarySection(record, messages) ?? messages.gaps.summary,
  next: nextSection,
}
