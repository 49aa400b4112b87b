import type { RoomTotals, Total } from '../../shared/index.ts'
import { addFence } from '../fence.ts'
import type { Source } from '../sources/list-sources.ts'
import type { Language, PromptTemplate } from './prompt-template.ts'
import { PROMPT_TEXTS, type PromptTexts } from './prompt-texts.ts'

/** Holds what the system turn is built from, besides the template. */
export interface SystemPromptInput {
  language: Language
  fenceMarker: string
  /** If true, the summary has changed since the previous question of the session. */
  summary_updated: boolean
  /** If true, the prompt says that the event has no summary. It is false if the prompt must not have a summary. */
  hasNoSummary: boolean
  /** Counts what the room has, so that the prompt can say what it leaves out. Undefined if the room was not read. */
  totals: RoomTotals | undefined
  /** Lists the sources that the prompt includes. */
  sources: Source[]
}

/** Builds the system turn: the model's role, its task and rules, and the incident's data within fences. */
export function buildSystemPrompt(
  { task }: PromptTemplate,
  { language, fenceMarker, summary_updated, hasNoSummary, totals, sources }: SystemPromptInput,
): string {
  const texts = PROMPT_TEXTS[language]
  return [
    `${texts.role} ${task[language]}`,
    texts.rules,
    texts.explainFence(fenceMarker),
    ...(summary_updated ? [texts.summaryChanged] : []),
    ...(hasNoSummary ? [texts.noSummary] : []),
    ...(totals ? listLeftOutNotes(totals, sources, texts) : []),
    ...sources.map(({ id, label, promptLabel = label, text }) => addFence(fenceMarker, `${id} ${promptLabel}`, text)),
  ].join('\n\n')
}

/** Lists one note that says how many messages, pins and changes the prompt lacks, or nothing if it lacks none. */
function listLeftOutNotes(totals: RoomTotals, sources: Source[], texts: PromptTexts): string[] {
  const writeMissingCount = ({ count, isLimitReached }: Total, kind: Source['kind']): string | undefined => {
    const missing = count - sources.filter((source) => source.kind === kind).length
    if (missing <= 0) return undefined
    return isLimitReached ? `${missing}+` : `${missing}`
  }
  const missingCounts = {
    messages: writeMissingCount(totals.messages, 'message'),
    pins: writeMissingCount(totals.pins, 'pin'),
    changes: writeMissingCount(totals.changes, 'change'),
  }
  return Object.values(missingCounts).some(Boolean) ? [texts.writeLeftOut(missingCounts)] : []
}
