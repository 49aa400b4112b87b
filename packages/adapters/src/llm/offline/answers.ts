import { listGaps } from './gaps.ts'
import { indicatorTable } from './indicators/indicator-section.ts'
import type { Intent } from './intents.ts'
import { requestedRunbooks } from './room-sections.ts'
import { cause, containment, impact, next, type Section, summary } from './sections.ts'
import { timeline } from './timeline.ts'

/** Answers a question of each intent. */
export const ANSWERS: Record<Intent, Section> = {
  runbooks: requestedRunbooks,
  containment,
  impact,
  timeline,
  indicators: indicatorTable,
  cause,
  gaps: (record, messages) => listGaps(record, messages) ?? messages.noGaps,
  summary: (record, messages) => summary(record, messages) ?? messages.gaps.summary,
  next,
}
