import { addFence } from '../fence.ts'
import type { Source } from '../sources.ts'
import { PROMPT_MESSAGES } from './messages.ts'
import type { Language, Prompt } from './prompt.ts'

export interface SystemPrompt {
  language: Language
  fenceToken: string
  summary_updated: boolean
  sources: Source[]
}

/** Builds the system turn: the model's role, its task and rules, and the incident's data within fences. */
export function buildSystemPrompt(
  { task }: Prompt,
  { language, fenceToken, summary_updated, sources }: SystemPrompt,
): string {
  const messages = PROMPT_MESSAGES[language]
  const hasSource = (kind: Source['kind']) => sources.some((one) => one.kind === kind)
  return [
    `${messages.role} ${task[language]}`,
    messages.rules,
    messages.explainFence(fenceToken),
    ...(summary_updated ? [messages.summaryChanged] : []),
    ...(hasSource('summary') ? [] : [messages.noSummary]),
    ...sources.map(({ id, label, text }) => addFence(fenceToken, `${id} ${label}`, text)),
  ].join('\n\n')
}
