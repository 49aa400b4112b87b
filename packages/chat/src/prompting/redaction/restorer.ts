import type { Redactor } from './redactor.ts'
import { PLACEHOLDER, PLACEHOLDER_START } from './rules/rule.ts'

/** Transforms a text that arrives in pieces. `push` returns text that may be shown; `end` returns the rest. */
export interface TextTransform {
  push(text: string): string
  end(): string
}

/** Replaces the placeholders by their secrets, even if a placeholder arrives in several pieces. */
export function createRestorer(redactor: Pick<Redactor, 'findSecret'>): TextTransform {
  let heldText = ''
  return {
    push(text) {
      const available = heldText + text
      const heldStart = PLACEHOLDER_START.exec(available)?.index ?? available.length
      heldText = available.slice(heldStart)
      return restoreText(available.slice(0, heldStart), redactor)
    },
    end() {
      const lastText = heldText
      heldText = ''
      return restoreText(lastText, redactor)
    },
  }
}

const restoreText = (text: string, { findSecret }: Pick<Redactor, 'findSecret'>): string =>
  text.replace(PLACEHOLDER, (placeholder) => findSecret(placeholder) ?? placeholder)
