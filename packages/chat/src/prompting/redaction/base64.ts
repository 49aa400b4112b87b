/** A shorter part of Base64 occurs in other texts by chance. */
const MIN_CHARACTERS = 10
/** A longer value is a key or a token, which nobody encodes again inside another text. */
const MAX_CHARACTERS = 64

/**
 * Returns what a value looks like within Base64 of a longer text, in UTF-8 and in UTF-16 (as PowerShell encodes
 * commands). It gives a form for each position of the value's first byte in a group of three, without the characters
 * whose bits belong in part to a byte before or after the value.
 */
export function listBase64Forms(value: string): string[] {
  if (value.length > MAX_CHARACTERS) return []
  return [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')].flatMap((bytes) =>
    [0, 1, 2].map((offset) => encodeAt(bytes, offset)).filter((form) => form.length >= MIN_CHARACTERS),
  )
}

function encodeAt(bytes: Buffer, offset: number): string {
  const sharedCharacters = offset === 0 ? 0 : offset + 1
  // Each character holds six bits. The last one is left out if some of its bits belong to the byte after the value.
  const completeCharacters = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(sharedCharacters, completeCharacters)
}
