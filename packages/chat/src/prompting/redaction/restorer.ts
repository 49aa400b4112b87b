import type { Redactor } from './redactor.ts'

const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g
/** Matches the end of a text if it may be the beginning of a placeholder. */
const PLACEHOLDER_START = /\[(?:\[(?:[A-Z]{0,8}|[A-Z]{2,8}-\d{0,4}|[A-Z]{2,8}-\d{1,4}\])?)?$/

/** Transforms a text that arrives in pieces. `push` returns text that may be shown; `end` returns the rest. */
export interface TextTransform {
  push(text: string): string
  end(): string
}

/** Replaces the placeholders by their secrets, even if a placeholder arrives in several pieces. */
export function createRestorer(redactor: Pick<Redactor, 'findSecret'>): TextTransform {
  let held = ''
  return {
    push(text) {
      const all = held + text
      const from = PLACEHOLDER_START.exec(all)?.index ?? all.length
      held = all.slice(from)
      return restoreText(all.slice(0, from), redactor)
    },
    end() {
      const rest = held
      held = ''
      return restoreText(rest, redactor)
    },
  }
}

const restoreText = (text: string, { findSecret }: Pick<Redactor, 'findSecret'>): string =>
  text.replace(PLACEHOLDER, (placeholder) => findSecret(placeholder) ?? placeholder)
