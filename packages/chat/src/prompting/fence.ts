import { randomBytes } from 'node:crypto'

/** Creates the token of the fences. It is random and occurs in none of the texts, so no text can close a fence. */
export function createFenceToken(texts: string[]): string {
  for (;;) {
    const token = `DATA-${randomBytes(6).toString('hex')}`
    if (!texts.some((text) => text.includes(token))) return token
  }
}

/** Encloses a text in a fence. The first line names the text. No text can forge this line, because it has the token. */
export const addFence = (token: string, name: string, text: string): string =>
  `<<<${token} ${name}\n${text}\n${token}>>>`
