/** A shorter form occurs in other texts by chance. */
const MIN_FORM_CHARACTERS = 10
/** A longer value is a key or a token, which nobody encodes again inside another text. */
const MAX_VALUE_CHARACTERS = 64

/**
 * Lists the forms of a value: what it looks like if a longer text that contains it is encoded in Base64. The text may
 * be in UTF-8 or in UTF-16, which PowerShell uses for encoded commands. Base64 encodes groups of three bytes, so there
 * is one form for each place of the value's first byte in its group. Forms that are too short are left out. A value of
 * more than 64 characters has no forms.
 */
export function listBase64Forms(value: string): string[] {
  if (value.length > MAX_VALUE_CHARACTERS) return []
  return [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')].flatMap((bytes) =>
    [0, 1, 2].map((offset) => encodeAt(bytes, offset)).filter((form) => form.length >= MIN_FORM_CHARACTERS),
  )
}

/** Encodes a value whose first byte has this offset in its group of three. */
function encodeAt(bytes: Buffer, offset: number): string {
  // Each character holds six bits. A character is left out if a bit of it belongs to a byte before or after the value.
  const start = Math.ceil((offset * 8) / 6)
  const end = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(start, end)
}
