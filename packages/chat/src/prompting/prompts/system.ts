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

/** Builds the system turn: the model's role, its task and rules, and the incident's data behind their fences. */
export function buildSystemPrompt(
  { task }: Prompt,
  { language, fenceToken: mark, summary_updated, sources: evidence }: SystemPrompt,
): string {
  const words = PROMPT_MESSAGES[language]
  const has = (kind: Source['kind']) => evidence.some((one) => one.kind === kind)
  return [
    `${words.role} ${task[language]}`,
    words.rules,
    words.untrusted(mark),
    ...(summary_updated ? [words.changed] : []),
    ...(has('summary') ? [] : [words.noSummary]),
    ...evidence.map(({ id, label, text }) => addFence(mark, `${id} ${label}`, text)),
  ].join('\n\n')
}
