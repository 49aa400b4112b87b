/** Shorter parts of Base64 stand in other texts by chance. */
const MIN_CHARACTERS = 10
/** What is longer is a key or a token, which nobody encodes once more inside of something else. */
const MAX_CHARACTERS = 64

/**
 * What a value looks like within Base64 of a longer text, in UTF-8 and in UTF-16 (as PowerShell encodes commands): one form for each place
 * that its first byte can have in a group of three, without the characters that its neighbours share.
 */
export function base64Forms(value: string): string[] {
  if (value.length > MAX_CHARACTERS) return []
  return [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')].flatMap((bytes) =>
    [0, 1, 2].map((offset) => formAt(bytes, offset)).filter((form) => form.length >= MIN_CHARACTERS),
  )
}

function formAt(bytes: Buffer, offset: number): string {
  const shared = offset === 0 ? 0 : offset + 1
  const whole = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(shared, whole)
}
