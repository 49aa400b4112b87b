import { toOriginalSpan } from '../view.ts'
import { createViews } from '../views.ts'
import { NAMED_VALUE_RULE } from './named.ts'
import type { SecretMatch, SecretRule } from './rule.ts'

/** Matches 16 to 8,000 characters of Base64. Longer Base64 is taken for a file, and this rule does not decode it. */
const BASE64 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,8000}={0,2}(?![A-Za-z0-9+/=])/g
/** Matches a text without control characters. The bytes of a file or of a key rarely decode to such a text. */
const PRINTABLE = /^[\t\n\r\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\p{Cf}]+$/u

/**
 * Finds named secrets within Base64, as in HTTP headers and `powershell -enc`. Base64 writes three bytes as a group of
 * four characters. A match covers each group that holds a byte of the secret, and no other.
 */
function findEncodedValues(text: string): SecretMatch[] {
  return Array.from(text.matchAll(BASE64), ({ 0: encoded, index }) =>
    decodeBytes(Buffer.from(encoded, 'base64')).flatMap(({ decoded, countBytes }) =>
      findValuesInText(decoded).map(({ start, end, kind }) => ({
        start: index + Math.floor(countBytes(decoded.slice(0, start)) / 3) * 4,
        end: Math.min(index + encoded.length, index + Math.ceil(countBytes(decoded.slice(0, end)) / 3) * 4),
        ...(kind && { kind }),
      })),
    ),
  ).flat()
}

const findValuesInText = (decoded: string): SecretMatch[] =>
  PRINTABLE.test(decoded)
    ? createViews(decoded).flatMap((view) =>
        NAMED_VALUE_RULE.find(view.text).map((match) => ({
          ...match,
          ...toOriginalSpan(view, match.start, match.end),
        })),
      )
    : []

/** Holds a text that bytes may stand for. `countBytes` returns how many of the bytes a beginning of this text has. */
interface DecodedBytes {
  decoded: string
  countBytes(beginning: string): number
}

const LATIN_1 = new TextDecoder('latin1') // This is Windows-1252, which has the letters of Latin-1 and quotes.
/** Matches the five bytes that Windows-1252 does not use. `LATIN_1` decodes them to control characters. */
const UNUSED_IN_LATIN_1 = /[\x81\x8d\x8f\x90\x9d]/g
/** Matches, in a text with one character for each byte, a character of UTF-8 with several bytes, or a wrong byte. */
const UTF_8 =
  /([\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2})|[\x80-\xff]/g

/**
 * Decodes bytes as UTF-16 or UTF-8. Bytes that are not valid UTF-8 are also decoded as Latin-1. They may be UTF-8 even
 * so, because a cut text begins or ends within a character. A `?` stands for each byte that has no meaning.
 */
function decodeBytes(bytes: Buffer): DecodedBytes[] {
  if (bytes.includes(0)) return [decodeUtf16(bytes)]
  const characters = bytes.toString('latin1')
  const valid = characters.replace(UTF_8, (_, character?: string) => character ?? '?')
  const asUtf8 = { decoded: Buffer.from(valid, 'latin1').toString('utf8'), countBytes: Buffer.byteLength }
  if (valid === characters) return [asUtf8]
  const asLatin1 = LATIN_1.decode(bytes).replace(UNUSED_IN_LATIN_1, '?')
  return [asUtf8, { decoded: asLatin1, countBytes: (beginning) => beginning.length }]
}

/** Most characters of a command are below U+0100. The place of their zero bytes shows the order of the bytes. */
function decodeUtf16(bytes: Buffer): DecodedBytes {
  let zerosInFirst = 0
  let zerosInSecond = 0
  for (const [index, byte] of bytes.entries()) {
    if (byte !== 0) continue
    if (index % 2 === 0) zerosInFirst++
    else zerosInSecond++
  }
  const isBigEndian = zerosInFirst > zerosInSecond
  const units = bytes.subarray(0, bytes.length - (bytes.length % 2))
  return {
    decoded: (isBigEndian ? Buffer.from(units).swap16() : units).toString('utf16le'),
    countBytes: (beginning) => beginning.length * 2,
  }
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
