import { type AiCommand, readAiCommand, readAiMention, toHalfWidth } from '@engineer-chat/protocol'
import { findMeantCommand, type PageCommand, readPageCommand } from './commands.ts'

export type Addressee =
  /** `meant` names the command that the text seems to be mistyped from. */
  | { to: 'ai'; question: string; command?: AiCommand | undefined; meant?: string | undefined }
  /** `@AI` and nothing else: there is no question in it. */
  | { to: 'ai_without_question' }
  /** `noCommand` is true if the text begins as a command does. */
  | { to: 'room'; noCommand: boolean; meant?: string | undefined }
  | { to: 'page'; command: PageCommand }
  | { to: 'nobody' }

/** Reads whom a text is for from how it begins. A command needs no `@AI`, and other text behind `/` is a message. */
export function parseAddressee(text: string): Addressee {
  const trimmed = text.trim()
  if (trimmed === '') return { to: 'nobody' }
  const mention = readAiMention(trimmed)
  const question = trimmed.slice(mention.length)
  if (question === '') return { to: 'ai_without_question' }
  const command = readAiCommand(question)?.command
  if (command !== undefined) return { to: 'ai', question, command }
  const page = readPageCommand(question)
  if (mention !== '') return { to: 'ai', question, meant: page ?? findMeantCommand(question) }
  if (page !== undefined) return { to: 'page', command: page }
  return { to: 'room', noCommand: toHalfWidth(trimmed).startsWith('/'), meant: findMeantCommand(trimmed) }
}

/** True if the text may become a question or a command, whose typing the room isn't told of. */
export const mayBecomeQuestion = (text: string): boolean => /^\s*(\/|@a?$)/i.test(toHalfWidth(text))

/** True if `@AI` stands anywhere in the text, which Chinese writes without a space before it; `x@ai.example` is mail. */
export const mentionsAi = (text: string): boolean => /(?<![A-Za-z0-9_.+-])@ai(?![A-Za-z0-9_])/i.test(toHalfWidth(text))
