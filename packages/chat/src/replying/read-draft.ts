import { removeDeceptiveMarks } from '@engineer-chat/markdown'
import type { Hit, MessageContent } from '@engineer-chat/protocol'
import { FENCE_WORD, type PreparedPrompt, removeInvisible } from '../prompting/index.ts'
import { type Draft, MAX_ANSWER_CHARACTERS } from './call-model.ts'

/** What a model wrote in one call, as it is stored: secrets restored, filtered, citations checked. */
export interface ReviewedDraft {
  content: MessageContent
  hits: Hit[]
  /** No reader would see anything. */
  isBlank: boolean
}

/** Reads a draft as an answer, whether its call came to an end or not. */
export function readDraft({ text, reasoning }: Draft, prompt: PreparedPrompt): ReviewedDraft {
  const { content, citations, hits } = prompt.review(cutVisibly(text, prompt))
  const thought = reasoning ? prompt.reviewReasoning(reasoning) : undefined
  const inThought = thought?.hits.map((hit) => ({ ...hit, in_reasoning: true })) ?? []
  return {
    content: {
      content,
      ...(citations.length > 0 && { citations }),
      ...(thought && { reasoning: thought.text }),
      prompt_version: prompt.prompt_version,
    },
    hits: [...hits, ...inThought],
    isBlank: isBlank(content),
  }
}

/** A text that tells its reader nothing: only blanks, characters that are not drawn, and words that stand for a fence's token. */
export const isBlank = (text: string): boolean =>
  removeInvisible(removeDeceptiveMarks(text)).replaceAll(FENCE_WORD, '').trim() === ''

/**
 * Reads the draft of a call that broke off: the text that its reader saw last, and nothing else. It credits no citation, because it
 * is no answer. Undefined when nothing was seen.
 */
export function readPartial(draft: Draft, prompt: PreparedPrompt): { partial: string; hits: Hit[] } | undefined {
  const { content, hits } = prompt.review(cutVisibly(draft.text, prompt))
  return isBlank(content) ? undefined : { partial: content, hits }
}

/** The head of a text that is over the limit, and a note that says so. */
function cutVisibly(text: string, { language }: PreparedPrompt): string {
  if (text.length <= MAX_ANSWER_CHARACTERS) return text
  const head = text.slice(0, MAX_ANSWER_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')
  return `${head}\n\n${CUT[language]}`
}

const CUT: Record<PreparedPrompt['language'], string> = {
  en: `[… cut here: an answer has at most ${MAX_ANSWER_CHARACTERS} characters …]`,
  zh: `[……在此处截断：回答最多 ${MAX_ANSWER_CHARACTERS} 个字符……]`,
}

/** What a model wrote of a reply as it is stored: the answer, or the part before it broke off. Null: a model wrote none of it. */
export const modelText = ({ content, error, partial }: MessageContent): string | null =>
  error ? (partial ?? null) : content
