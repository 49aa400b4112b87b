/** A shorter part of Base64 occurs in other texts by chance. */
const MIN_CHARACTERS = 10
/** A longer value is a key or a token, which nobody encodes again inside another text. */
const MAX_CHARACTERS = 64

/**
 * Returns what a value looks like within Base64 of a longer text, in UTF-8 and in UTF-16 (as PowerShell encodes
 * commands). It gives a form for each position of the value's first byte in a group of three, without the characters
 * whose bits belong in part to a byte before or after the value. A value of more than 64 characters has no forms.
 */
export function listBase64Forms(value: string): string[] {
  if (value.length > MAX_CHARACTERS) return []
  return [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')].flatMap((bytes) =>
    [0, 1, 2].map((offset) => encodeAt(bytes, offset)).filter((form) => form.length >= MIN_CHARACTERS),
  )
}

function encodeAt(bytes: Buffer, offset: number): string {
  // Each character holds six bits. Only the characters whose bits all belong to the value are kept.
  const start = Math.ceil((offset * 8) / 6)
  const end = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(start, end)
}
