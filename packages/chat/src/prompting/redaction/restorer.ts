import type { Redactor } from './redactor.ts'

const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g
/** The end of a text that may be the beginning of a placeholder. */
const BEGUN = /\[(?:\[(?:[A-Z]{0,8}|[A-Z]{2,8}-\d{0,4}|[A-Z]{2,8}-\d{1,4}\])?)?$/

/** Reads a text that comes in pieces. What `push` gives may be shown; `end` gives what was held back. */
export interface Reader {
  push(text: string): string
  end(): string
}

/** Puts back what was hidden, wherever the pieces are split. */
export function restorer(redactor: Pick<Redactor, 'secretOf'>): Reader {
  let held = ''
  return {
    push(text) {
      const all = held + text
      const from = BEGUN.exec(all)?.index ?? all.length
      held = all.slice(from)
      return restored(all.slice(0, from), redactor)
    },
    end() {
      const rest = held
      held = ''
      return restored(rest, redactor)
    },
  }
}

const restored = (text: string, { secretOf }: Pick<Redactor, 'secretOf'>): string =>
  text.replace(PLACEHOLDER, (placeholder) => secretOf(placeholder) ?? placeholder)
