// The same border as the server's: `@AI x`, `@ai，x` and `@AI你好` ask; `@AIM x` is a word.
const MENTION = /^@AI(?![A-Za-z0-9_])[\s,，:：]*/i

export type Addressee =
  | { to: 'ai'; question: string }
  /** `@AI` and nothing else: there is no question in it. */
  | { to: 'ai_without_question' }
  | { to: 'room' }
  | { to: 'nobody' }

/** Whom a text is for, by how it begins. */
export function parseAddressee(text: string): Addressee {
  const trimmed = text.trim()
  if (trimmed === '') return { to: 'nobody' }
  const mention = MENTION.exec(trimmed)
  if (!mention) return { to: 'room' }
  const question = trimmed.slice(mention[0].length)
  return question === '' ? { to: 'ai_without_question' } : { to: 'ai', question }
}
