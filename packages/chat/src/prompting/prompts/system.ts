import { fenced } from '../fence.ts'
import type { Evidence } from '../sources.ts'
import { WORDS } from './messages.ts'
import type { Language, Prompt } from './prompt.ts'

export interface SystemPrompt {
  language: Language
  mark: string
  summary_updated: boolean
  evidence: Evidence[]
}

/** The one system turn: who the model is, what to do by which rules, and the incident's data behind their fences. */
export function systemPrompt({ task }: Prompt, { language, mark, summary_updated, evidence }: SystemPrompt): string {
  const words = WORDS[language]
  const told = (kind: Evidence['kind']) => evidence.some((one) => one.kind === kind)
  return [
    `${words.role} ${task[language]}`,
    words.rules,
    words.untrusted(mark),
    ...(summary_updated ? [words.changed] : []),
    ...(told('summary') ? [] : [words.noSummary]),
    ...evidence.map(({ id, label, text }) => fenced(mark, `${id} ${label}`, text)),
  ].join('\n\n')
}
