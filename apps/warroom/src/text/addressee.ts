import { type AiCommand, readAiCommand, readAiMention, toHalfWidth } from '@engineer-chat/protocol'
import { findMeantCommand, type PageCommand, readPageCommand } from './commands.ts'

export type Addressee =
  /** `meant` names the command that the text seems to be mistyped from. */
  | { to: 'ai'; question: string; command?: AiCommand | undefined; meantCommand?: string | undefined }
  /** The text is `@AI` and nothing else. */
  | { to: 'ai_without_question' }
  /** `looksLikeCommand` is true if the text begins with `/`. */
  | { to: 'room'; looksLikeCommand: boolean; meantCommand?: string | undefined }
  | { to: 'page'; command: PageCommand }
  | { to: 'nobody' }

/** Finds out from its beginning whom a text is for. A command needs no `@AI`; other text after `/` is a message. */
export function parseAddressee(text: string): Addressee {
  const trimmed = text.trim()
  if (trimmed === '') return { to: 'nobody' }
  const mention = readAiMention(trimmed)
  const question = trimmed.slice(mention.length)
  if (question === '') return { to: 'ai_without_question' }
  const command = readAiCommand(question)?.command
  if (command !== undefined) return { to: 'ai', question, command }
  const page = readPageCommand(question)
  if (mention !== '') return { to: 'ai', question, meantCommand: page ?? findMeantCommand(question) }
  if (page !== undefined) return { to: 'page', command: page }
  return { to: 'room', looksLikeCommand: toHalfWidth(trimmed).startsWith('/'), meantCommand: findMeantCommand(trimmed) }
}

/** Returns true if the text may become a question or a command. The room isn't told that somebody types one. */
export const mayBecomeQuestion = (text: string): boolean => /^\s*(\/|@a?$)/i.test(toHalfWidth(text))

/** Returns true if `@AI` stands anywhere in the text, also without a space before it. `x@ai.example` is no mention. */
export const mentionsAi = (text: string): boolean => /(?<![A-Za-z0-9_.+-])@ai(?![A-Za-z0-9_])/i.test(toHalfWidth(text))
