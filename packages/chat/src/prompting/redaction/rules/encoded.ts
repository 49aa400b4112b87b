import { isUtf8 } from 'node:buffer'
import { NAMED_VALUE_RULE } from './named.ts'
import type { SecretMatch, SecretRule } from './rule.ts'

/** Matches 16 to 8,000 characters of Base64. Longer Base64 is taken for a file, and this rule does not decode it. */
const BASE64 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,8000}={0,2}(?![A-Za-z0-9+/=])/g
/** Matches a text without control characters. The bytes of a file or of a key rarely decode to such a text. */
const PRINTABLE = /^[\t\n\r\x20-\x7e\p{L}\p{N}\p{P}\p{S}]+$/u

/**
 * Finds named secrets within Base64, as in HTTP headers and `powershell -enc`. Base64 writes three bytes as a group of
 * four characters. A match covers each group that holds a byte of the secret, and no other.
 */
function findEncodedValues(text: string): SecretMatch[] {
  return Array.from(text.matchAll(BASE64), ({ 0: encoded, index }) =>
    decodeBytes(Buffer.from(encoded, 'base64')).flatMap(({ decoded, countBytes }) => {
      if (!PRINTABLE.test(decoded)) return []
      return NAMED_VALUE_RULE.find(decoded).map(({ start, end, kind }) => ({
        start: index + Math.floor(countBytes(decoded.slice(0, start)) / 3) * 4,
        end: Math.min(index + encoded.length, index + Math.ceil(countBytes(decoded.slice(0, end)) / 3) * 4),
        ...(kind && { kind }),
      }))
    }),
  ).flat()
}

/** Holds a text that bytes may stand for. `countBytes` returns how many of the bytes a beginning of this text has. */
interface DecodedBytes {
  decoded: string
  countBytes(beginning: string): number
}

const LATIN_1 = new TextDecoder('latin1') // This is Windows-1252, which has the letters of Latin-1 and quotes.

/**
 * Decodes bytes as UTF-16 or UTF-8. Bytes that are not valid UTF-8 are also decoded as Latin-1. They may be UTF-8 even
 * so, because a cut text begins or ends within a character.
 */
function decodeBytes(bytes: Buffer): DecodedBytes[] {
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0)
    return [{ decoded: bytes.toString('utf16le'), countBytes: (beginning) => beginning.length * 2 }]
  const decoded = bytes.toString('utf8')
  if (isUtf8(bytes)) return [{ decoded, countBytes: Buffer.byteLength }]
  return [
    // Each wrong byte is a U+FFFD, which `?` replaces, as a U+FFFD counts as three bytes.
    { decoded: decoded.replaceAll('\uFFFD', '?'), countBytes: Buffer.byteLength },
    { decoded: LATIN_1.decode(bytes), countBytes: (beginning) => beginning.length },
  ]
}

export const ENCODED_VALUE_RULE: SecretRule = {
  id: 'encoded',
  kind: 'PASSWORD',
  keywords: [],
  find: findEncodedValues,
  hiddenSamples: [
    'cGFzc3dvcmQ9«VHIwdWI0ZG9yJjM=»',
    'powershell -enc cABhAHMAcwB3AG8AcgBkAD0A«VAByADAAdQBiADQAZABvAHIAJgAzAA==»',
  ],
  keptSamples: ['powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0A', 'cGFzc3dvcmQgcG9saWN5IGlzIHN0cmljdA=='],
}
