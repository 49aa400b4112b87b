import { type AiCommand, readAiCommand, readAiMention, toHalfWidth } from '@engineer-chat/protocol'
import { findMeantCommand, type PageCommand, readPageCommand } from './commands.ts'

/** Says what the text in the message box is, and so what happens to it. */
export type Addressee =
  /** `meantCommand` names the command that the writer probably mistyped. */
  | { to: 'ai'; question: string; command?: AiCommand | undefined; meantCommand?: string | undefined }
  /** The text is `@AI` alone. */
  | { to: 'ai_without_question' }
  /** `looksLikeCommand` is true if the text begins with `/`. */
  | { to: 'room'; looksLikeCommand: boolean; meantCommand?: string | undefined }
  /** The text is a command of the page, and is not sent. */
  | { to: 'page'; command: PageCommand }
  /** The text is empty. */
  | { to: 'nobody' }

/**
 * Finds out who receives a text. A mention of the AI or a command at the beginning decides, or else the chosen
 * recipient. A command needs no `@AI`. A `/` before any other word is a part of the text.
 */
export function parseAddressee(text: string, chosenRecipient: 'room' | 'ai' = 'room'): Addressee {
  const trimmed = text.trim()
  if (trimmed === '') return { to: 'nobody' }
  const mention = readAiMention(trimmed)
  const question = trimmed.slice(mention.length)
  if (question === '') return { to: 'ai_without_question' }
  const command = readAiCommand(question)?.command
  if (command !== undefined) return { to: 'ai', question, command }
  const pageCommand = readPageCommand(question)
  if (mention !== '') return { to: 'ai', question, meantCommand: pageCommand ?? findMeantCommand(question) }
  if (pageCommand !== undefined) return { to: 'page', command: pageCommand }
  if (chosenRecipient === 'ai') return { to: 'ai', question, meantCommand: findMeantCommand(question) }
  return { to: 'room', looksLikeCommand: toHalfWidth(trimmed).startsWith('/'), meantCommand: findMeantCommand(trimmed) }
}

/**
 * Returns true if a text begins with `@AI` and the next character cannot continue the word. Returns false for `@AI`
 * alone, because it may become `@AIden`.
 */
export function isAiMentionComplete(text: string): boolean {
  const trimmed = text.trimStart()
  const mention = readAiMention(trimmed)
  return mention !== '' && (mention.length < trimmed.length || !/[a-z]$/i.test(toHalfWidth(mention)))
}

/** Removes all mentions of the AI at the beginning of a text. */
export function removeAiMentions(text: string): string {
  const trimmed = text.trimStart()
  const mention = readAiMention(trimmed)
  return mention === '' ? text : removeAiMentions(trimmed.slice(mention.length))
}

/**
 * Returns true if the text may become a question or a command, such as `/su`, `@` or `@a`. While somebody writes such a
 * text, other users do not see that they are typing.
 */
export const mayBecomeQuestion = (text: string): boolean => /^\s*(\/|@a?$)/i.test(toHalfWidth(text))

/** Returns true if the text contains `@AI` anywhere, even without a space before it. `x@ai.example` is no mention. */
export const mentionsAi = (text: string): boolean => /(?<![A-Za-z0-9_.+-])@ai(?![A-Za-z0-9_])/i.test(toHalfWidth(text))
