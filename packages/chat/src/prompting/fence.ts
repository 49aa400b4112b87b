import { randomBytes } from 'node:crypto'

/** Tells what is data from what is meant for the model. Random, and in none of the texts: nothing in them can close a fence. */
export function createFenceToken(texts: string[]): string {
  for (;;) {
    const mark = `DATA-${randomBytes(6).toString('hex')}`
    if (!texts.some((text) => text.includes(mark))) return mark
  }
}

/** The first line names what it encloses; that line can't be forged either, as it holds the mark. */
export const addFence = (mark: string, name: string, text: string): string => `<<<${mark} ${name}\n${text}\n${mark}>>>`
