import type { Redactor } from './redactor.ts'
import { PLACEHOLDER, PLACEHOLDER_START } from './rules/rule.ts'

/**
 * Transforms a text that arrives in parts. `push` takes the next part and returns what may be shown now; it may hold
 * back the end. `end` returns what is still held.
 */
export interface TextTransform {
  push(text: string): string
  end(): string
}

/** Replaces the placeholders by their secrets, even if a placeholder arrives in several parts. */
export function createRestorer(redactor: Pick<Redactor, 'findSecret'>): TextTransform {
  /** Is the end of the text so far if it may be the beginning of a placeholder, else ''. */
  let heldText = ''
  return {
    push(text) {
      const unrestored = heldText + text
      const holdFrom = PLACEHOLDER_START.exec(unrestored)?.index ?? unrestored.length
      heldText = unrestored.slice(holdFrom)
      return restoreText(unrestored.slice(0, holdFrom), redactor)
    },
    end() {
      const rest = heldText
      heldText = ''
      return restoreText(rest, redactor)
    },
  }
}

const restoreText = (text: string, { findSecret }: Pick<Redactor, 'findSecret'>): string =>
  text.replace(PLACEHOLDER, (placeholder) => findSecret(placeholder) ?? placeholder)
