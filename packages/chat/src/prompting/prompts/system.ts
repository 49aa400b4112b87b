import type { RoomTotals, Total } from '../../shared/index.ts'
import { addFence } from '../fence.ts'
import type { Source } from '../sources/list-sources.ts'
import type { Language, PromptTemplate } from './prompt-template.ts'
import { PROMPT_TEXTS, type PromptTexts } from './prompt-texts.ts'

/** Holds what the system turn says besides its template. */
export interface SystemPromptInput {
  language: Language
  fenceMarker: string
  summary_updated: boolean
  hasNoSummary: boolean
  /** Counts what the room has, so that the prompt can say how much it leaves out. */
  totals: RoomTotals | undefined
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
    ...(totals ? writeLeftOut(totals, sources, texts) : []),
    ...sources.map(({ id, label, promptLabel = label, text }) => addFence(fenceMarker, `${id} ${promptLabel}`, text)),
  ].join('\n\n')
}

/** Says how many messages, pins and changes of the room the prompt lacks. The list is empty if it lacks none. */
function writeLeftOut(totals: RoomTotals, sources: Source[], texts: PromptTexts): string[] {
  const countMissing = ({ count, isLimited }: Total, kind: Source['kind']): string | undefined => {
    const missing = count - sources.filter((source) => source.kind === kind).length
    if (missing <= 0) return undefined
    return isLimited ? `${missing}+` : `${missing}`
  }
  const leftOut = {
    messages: countMissing(totals.messages, 'message'),
    pins: countMissing(totals.pins, 'pin'),
    changes: countMissing(totals.changes, 'change'),
  }
  return Object.values(leftOut).some(Boolean) ? [texts.writeLeftOut(leftOut)] : []
}
