import { countCharacters, MAX_MESSAGE_CHARACTERS } from '@engineer-chat/protocol'
import { ChatError } from './errors.ts'
import { WrittenNumber } from './written-number.ts'

/**
 * Returns a person's text without the white space around it. Nothing else of the text is changed: null bytes and lone
 * surrogates are refused and not repaired. `path` is the JSON pointer of the text's field in the request.
 * @throws ChatError validation_failed
 */
export function trimAndCheckText(text: string, path = '/message', maxCharacters = MAX_MESSAGE_CHARACTERS): string {
  const trimmed = text.trim()
  if (trimmed === '') throwInvalid(path, 'must not be empty')
  // A text never has more characters than UTF-16 code units (`length`), so most texts need no second count.
  if (trimmed.length > maxCharacters && countCharacters(trimmed) > maxCharacters) {
    throwInvalid(path, `must have at most ${maxCharacters} characters`)
  }
  return requireWellFormed(trimmed, path)
}

/**
 * Returns the text unchanged. Refuses null bytes and lone surrogates.
 * @throws ChatError validation_failed
 */
export function requireWellFormed(text: string, path: string): string {
  if (text.includes('\0')) throwInvalid(path, 'must not contain null bytes')
  if (!text.isWellFormed()) throwInvalid(path, 'must be well-formed Unicode')
  return text
}

/**
 * Refuses a request because of its field at the JSON pointer `path`.
 * @throws ChatError validation_failed, always
 */
export function throwInvalid(path: string, message: string): never {
  throw new ChatError('validation_failed', undefined, { errors: [{ path, message }] })
}

/**
 * Replaces null bytes and lone surrogates by U+FFFD. It is for texts of models and agents: an answer must not be lost
 * because of one broken character.
 */
export function repairText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Repairs every string of a JSON value, and the names of its fields. A `WrittenNumber` stays as it is. */
export function repairJson<T>(value: T): T {
  if (typeof value === 'string') return repairText(value) as T
  if (Array.isArray(value)) return value.map(repairJson) as T
  if (value === null || typeof value !== 'object' || value instanceof WrittenNumber) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [repairText(name), repairJson(inner)])) as T
}

/** Returns `zh` if the text contains at least one Han character, and `en` otherwise. */
export function detectLanguage(text: string): 'zh' | 'en' {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
}
