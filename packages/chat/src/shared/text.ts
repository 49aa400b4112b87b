import { countCharacters, MAX_MESSAGE_CHARACTERS } from '@engineer-chat/protocol'
import { ChatError } from './errors.ts'
import { WrittenNumber } from './written-number.ts'

/**
 * Returns a person's text without the white space around it. It refuses null bytes and lone surrogates instead of
 * repairing them, so that the stored text is otherwise the text that the person typed.
 * @throws ChatError validation_failed
 */
export function trimAndCheckText(text: string, path = '/message', maxCharacters = MAX_MESSAGE_CHARACTERS): string {
  const trimmed = text.trim()
  if (trimmed === '') throwInvalid(path, 'must not be empty')
  // `length` counts UTF-16 code units, which are never fewer than the characters, so most texts need no second count.
  if (trimmed.length > maxCharacters && countCharacters(trimmed) > maxCharacters) {
    throwInvalid(path, `must have at most ${maxCharacters} characters`)
  }
  return checkWellFormed(trimmed, path)
}

/** Returns the text unchanged. @throws ChatError validation_failed */
export function checkWellFormed(text: string, path: string): string {
  if (text.includes('\0')) throwInvalid(path, 'must not contain null bytes')
  if (!text.isWellFormed()) throwInvalid(path, 'must be well-formed Unicode')
  return text
}

/** Refuses a request because of the field at `path`. @throws ChatError validation_failed, always */
export function throwInvalid(path: string, message: string): never {
  throw new ChatError('validation_failed', undefined, { errors: [{ path, message }] })
}

/** Repairs text from models and agents, because one broken character must not lose an answer. */
export function repairText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Repairs every string of a JSON value, and the names of its fields. */
export function repairJson<T>(value: T): T {
  if (typeof value === 'string') return repairText(value) as T
  if (Array.isArray(value)) return value.map(repairJson) as T
  if (value === null || typeof value !== 'object' || value instanceof WrittenNumber) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [repairText(key), repairJson(inner)])) as T
}

/** Returns `zh` if the text contains Han characters. */
export function detectLanguage(text: string): 'zh' | 'en' {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
}
