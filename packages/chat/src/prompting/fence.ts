import { randomBytes } from 'node:crypto'

/** Creates the marker of the fences. It is random and occurs in none of the texts, so no text can close a fence. */
export function createFenceMarker(texts: string[]): string {
  for (;;) {
    const marker = `DATA-${randomBytes(6).toString('hex')}`
    if (!texts.some((text) => text.includes(marker))) return marker
  }
}

/** Encloses a text in a fence. The first line names the text, and has the marker, so that no text can forge it. */
export const addFence = (marker: string, name: string, text: string): string =>
  `<<<${marker} ${name}\n${text}\n${marker}>>>`
