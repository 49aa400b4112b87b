import { removeDeceptiveMarks } from '@engineer-chat/markdown'
import type { FilterFinding, MessageContent } from '@engineer-chat/protocol'
import { FENCE_WORD, type PreparedPrompt, removeInvisible } from '../prompting/index.ts'
import { type Draft, MAX_ANSWER_CHARACTERS } from './call-model.ts'

/** Holds what a model wrote in one call, as it is stored: secrets are restored and citations are checked. */
export interface ReviewedDraft {
  content: MessageContent
  findings: FilterFinding[]
  /** True means that a reader would see nothing. */
  isBlank: boolean
}

/** Reviews the text and the reasoning of a draft, even if its call did not come to an end. */
export function reviewDraft({ text, reasoning }: Draft, prompt: PreparedPrompt): ReviewedDraft {
  const { content, citations, sources, sourcesLeftOut, findings } = prompt.review(cutVisibly(text, prompt))
  const reviewedReasoning = reasoning ? prompt.reviewReasoning(reasoning) : undefined
  const reasoningFindings = reviewedReasoning?.findings.map((finding) => ({ ...finding, in_reasoning: true })) ?? []
  return {
    content: {
      content,
      ...(citations.length > 0 && { citations }),
      ...(sources.length > 0 && { sources }),
      ...(sourcesLeftOut > 0 && { sources_left_out: sourcesLeftOut }),
      ...(reviewedReasoning && { reasoning: reviewedReasoning.text }),
      prompt_version: prompt.prompt_version,
    },
    findings: [...findings, ...reasoningFindings],
    isBlank: isBlank(content),
  }
}

/** Returns true for a text that has only blanks, invisible characters and the word that replaces a fence's marker. */
export const isBlank = (text: string): boolean =>
  removeInvisible(removeDeceptiveMarks(text)).replaceAll(FENCE_WORD, '').trim() === ''

/**
 * Reviews the draft of a call that broke off and returns the text that its reader saw last, or undefined if the reader
 * saw nothing. It has no citations, because it is not an answer.
 */
export function reviewPartial(
  draft: Draft,
  prompt: PreparedPrompt,
): { partial: string; findings: FilterFinding[] } | undefined {
  const { content, findings } = prompt.review(cutVisibly(draft.text, prompt))
  return isBlank(content) ? undefined : { partial: content, findings }
}

/** Cuts a text that is over the limit and adds a note that says so. */
function cutVisibly(text: string, { language }: PreparedPrompt): string {
  if (text.length <= MAX_ANSWER_CHARACTERS) return text
  // The cut may leave the first half of a surrogate pair, which is no character.
  const head = text.slice(0, MAX_ANSWER_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')
  return `${head}\n\n${CUT_NOTES[language]}`
}

const CUT_NOTES: Record<PreparedPrompt['language'], string> = {
  en: `[… cut here: an answer has at most ${MAX_ANSWER_CHARACTERS} characters …]`,
  zh: `[……在此处截断：回答最多 ${MAX_ANSWER_CHARACTERS} 个字符……]`,
}

/**
 * Returns the stored text that a model wrote: the answer, or for a failed reply, the part before the call broke off.
 * Null means that the failed reply has no such part.
 */
export const getModelText = ({ content, error, partial }: MessageContent): string | null =>
  error ? (partial ?? null) : content
