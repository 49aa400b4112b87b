import { randomBytes } from 'node:crypto'

/** Creates the mark of the fences. It is random and occurs in none of the texts, so no text can close a fence. */
export function createFenceToken(texts: string[]): string {
  for (;;) {
    const mark = `DATA-${randomBytes(6).toString('hex')}`
    if (!texts.some((text) => text.includes(mark))) return mark
  }
}

/** Encloses a text in a fence and names it in the first line, which nobody can forge, because it holds the mark. */
export const addFence = (mark: string, name: string, text: string): string => `<<<${mark} ${name}\n${text}\n${mark}>>>`
