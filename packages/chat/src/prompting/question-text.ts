import { readAiMention } from '@engineer-chat/protocol'
import type { Language } from './prompts/prompt-template.ts'
import { PROMPT_TEXTS } from './prompts/prompt-texts.ts'

/** Returns the question without its `@AI`: an empty text for a bare `@AI`. */
export const removeAiMention = (question: string): string => question.slice(readAiMention(question).length)

/** Returns the question as the prompt contains it, without its `@AI`. A bare `@AI` asks about the present state. */
export const toQuestionText = (question: string, language: Language): string =>
  removeAiMention(question) || PROMPT_TEXTS[language].bareMention
