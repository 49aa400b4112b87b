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
  return Array.from(text.matchAll(BASE64), ({ 0: encoded, index }) => {
    const bytes = Buffer.from(encoded, 'base64')
    const isUtf16 = bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0
    const decoded = bytes.toString(isUtf16 ? 'utf16le' : 'utf8')
    if (!PRINTABLE.test(decoded)) return []
    return NAMED_VALUE_RULE.find(decoded).map(({ start, end, kind }) => ({
      start: index + Math.floor(countBytesBefore(decoded, start, isUtf16) / 3) * 4,
      end: Math.min(index + encoded.length, index + Math.ceil(countBytesBefore(decoded, end, isUtf16) / 3) * 4),
      ...(kind && { kind }),
    }))
  }).flat()
}

const countBytesBefore = (text: string, index: number, isUtf16: boolean): number =>
  isUtf16 ? index * 2 : Buffer.byteLength(text.slice(0, index))

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
