import { listBase64Forms } from '../base64.ts'
import { createMatcher, type SecretMatch, type SecretRule } from './rule.ts'

const BEGIN_LINE = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g
const END_LINE = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g
/** No match is longer. A key of 16,384 bits has fewer characters, even if a log puts a prefix before each line. */
const MAX_KEY_CHARACTERS = 60_000
const LINE_BREAK = /\n|<br ?\/?>/gi
/**
 * Matches a line that contains at least 24 characters of Base64, or a header of a key. A log, a mail or a program's
 * source may put text before and after them.
 */
const KEY_LINE =
  /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])|(?:Proc-Type|DEK-Info|Version|Comment|Hash):/
/**
 * Matches an empty line, or at most 24 characters of Base64 with quotes, times and the like before and after them.
 * A key may contain such a line, but so may other text.
 */
const SHORT_LINE = /^[\s>|#*"'+\\,\d:.-]{0,40}[A-Za-z0-9+/]{0,24}={0,2}[\s"'+\\,;]{0,8}$/

/**
 * Finds private keys. A key starts with its BEGIN line and ends with its END line. If the END line is missing or too
 * far away, the key ends where `findLastKeyLineEnd` says.
 */
function findPrivateKeys(text: string): SecretMatch[] {
  const beginMatches = [...text.matchAll(BEGIN_LINE)]
  if (beginMatches.length === 0) return []
  const endPositions = Array.from(text.matchAll(END_LINE), (match) => match.index + match[0].length)
  const keys: SecretMatch[] = []
  let endsBefore = 0 // This many END lines end before the BEGIN line.
  for (const [beginNumber, { 0: beginLine, index: start }] of beginMatches.entries()) {
    while ((endPositions[endsBefore] ?? Number.POSITIVE_INFINITY) < start) endsBefore++
    const maxEnd = Math.min(beginMatches[beginNumber + 1]?.index ?? text.length, start + MAX_KEY_CHARACTERS)
    const end = endPositions[endsBefore] ?? Number.POSITIVE_INFINITY
    keys.push({ start, end: end <= maxEnd ? end : findLastKeyLineEnd(text, start + beginLine.length, maxEnd) })
  }
  return keys
}

/**
 * Finds where the last line that matches `KEY_LINE` ends. The search begins at `from`, the end of a BEGIN line, and
 * stops at the first line that cannot be part of the key. If no line matches, this function returns `from`.
 */
function findLastKeyLineEnd(text: string, from: number, maxEnd: number): number {
  const body = text.slice(from, maxEnd)
  let lineStart = 0
  let keyLength = 0
  for (const { 0: lineBreak, index: lineEnd } of [...body.matchAll(LINE_BREAK), { 0: '', index: body.length }]) {
    const line = body.slice(lineStart, lineEnd)
    const isKeyLine = KEY_LINE.test(line)
    if (!isKeyLine && !SHORT_LINE.test(line)) break
    if (isKeyLine) keyLength = lineEnd
    lineStart = lineEnd + lineBreak.length
  }
  return from + keyLength
}

/** Matches the first line of Base64 whose decoded text begins with `-----BEGIN` or with `Bag Attributes` (PKCS #12). */
const ENCODED_FIRST_LINE = /(?:LS0tLS1CRUdJTi|QmFnIEF0dHJpYnV0ZXM)[A-Za-z0-9+/]{20,200000}={0,2}/g
/**
 * Matches the line break after a line of Base64, and the next line. A mail, YAML or a program's source may put
 * characters around the Base64. A line with `-----BEGIN` in Base64 does not match, because it begins another text.
 */
const ENCODED_NEXT_LINE =
  /["'\\,+ \t]{0,8}(?:\n|<br ?\/?>)[>|#*"'\\,+ \t-]{0,40}(?!LS0tLS1CRUdJTi)(?<line>[A-Za-z0-9+/]{1,1000}={0,2})(?=["'\\,+;} \t]{0,8}(?:\n|<|$))/y
/** Lists what `PRIVATE KEY` can look like within Base64. None of these forms has a `+`. */
const ENCODED_KEY_NAMES = listBase64Forms('PRIVATE KEY')

/** Finds Base64 of a PEM text that has a private key, alone or after certificates, in one line or in several. */
function findEncodedPrivateKeys(text: string): SecretMatch[] {
  const keys: SecretMatch[] = []
  let end = 0
  for (const { 0: firstLine, index: start } of text.matchAll(ENCODED_FIRST_LINE)) {
    if (start < end) continue // It is within the Base64 before it.
    end = findEncodedTextEnd(text, start, firstLine.length)
    const base64 = text.slice(start, end).replace(/[^A-Za-z0-9/]+/g, '')
    if (ENCODED_KEY_NAMES.some((name) => base64.includes(name))) keys.push({ start, end })
  }
  return keys
}

/** All lines of wrapped Base64 have the same length, except that the last one may be shorter. */
function findEncodedTextEnd(text: string, start: number, firstLineLength: number): number {
  let end = start + firstLineLength
  let longestLength = firstLineLength
  while (text[end - 1] !== '=') {
    ENCODED_NEXT_LINE.lastIndex = end
    const length = ENCODED_NEXT_LINE.exec(text)?.groups?.line?.length
    if (length === undefined) break
    end = ENCODED_NEXT_LINE.lastIndex
    if (length < longestLength) break
    longestLength = length
  }
  return end
}

/** These rules find private keys of PEM (also in Base64, or without BEGIN and END lines), PuTTY and age. */
export const PEM_RULES: SecretRule[] = [
  {
    id: 'private-key',
    kind: 'KEY',
    keywords: ['private key'],
    find: findPrivateKeys,
    hiddenSamples: [
      '«-----BEGIN RSA PRI·VATE KEY-----\n{base64 64}\n{base64 20}==\n-----END RSA PRI·VATE KEY-----»',
      '> «-----BEGIN PRI·VATE KEY-----\n> {base64 64}\n> {base64 64}»\nwas in the mail',
      '10:00 a: «-----BEGIN EC PRI·VATE KEY-----\n10:00 a: {base64 64}»\n10:01 a: done, as it was said before',
    ],
    keptSamples: [
      'the private key was not exposed',
      '-----BEGIN CERTIFICATE-----\n{base64 64}\n-----END CERTIFICATE-----',
      '-----BEGIN PUBLIC KEY-----\n{base64 64}\n-----END PUBLIC KEY-----',
    ],
  },
  {
    id: 'private-key-in-base64',
    kind: 'KEY',
    keywords: ['ls0tls1crudjti', 'qmfnief0dhjpynv0zxm'], // These are the beginnings in `ENCODED_FIRST_LINE`.
    find: findEncodedPrivateKeys,
    hiddenSamples: [
      'tls.key: «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{base64 80}==»',
      'tls.key: |\n  «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{base64 34}\n  {base64 76}\n  {base64 20}==»\ntype: x',
      'pem: «LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t{base64 400}UFJJVkFURSBLRVkt{base64 80}»',
    ],
    keptSamples: [
      'tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSU{base64 80}==',
      'tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSU{base64 33}\n{base64 76}\n{base64 20}==',
    ],
  },
  {
    id: 'private-key-without-armor',
    kind: 'KEY',
    keywords: ['ibaakc', 'ibadanbgkqhkig9w0baqefaasc', 'b3blbnnzac1rzxktdje', 'mhccaqee', 'mc4caqawbqydk2vw'],
    // Keys in Base64 begin with these characters, in this order: RSA in PKCS #1, RSA in PKCS #8, OpenSSH, EC P-256 and
    // Ed25519.
    find: createMatcher(
      /(?:MII[A-Za-z0-9+/]{1,3}IBA(?:AKC|DANBgkqhkiG9w0BAQEFAASC)|b3BlbnNzaC1rZXktdjE|MHcCAQEE|MC4CAQAwBQYDK2Vw)[A-Za-z0-9+/\s]{40,20000}={0,2}/g,
    ),
    hiddenSamples: ['«MIIEpAIBAAKCAQEA{base64 80}»'],
    keptSamples: ['MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa{base64 80}'],
  },
  {
    id: 'putty-key',
    kind: 'KEY',
    keywords: ['putty-user-key-file'],
    // The longest key (RSA with 16,384 bits) has about 156 lines after its comment, and the pattern allows 165. The
    // longest match is shorter than `MARGIN_CHARACTERS` (`trim.ts`), so the margin of a cut text can hold a whole key.
    find: createMatcher(
      /PuTTY-User-Key-File-\d: [^\n]{1,80}\n[^\n]{0,90}\n[^\n]{0,250}\n(?:[^\n]{0,90}\n){0,165}?Private-MAC: [0-9a-f]{40,64}/g,
    ),
    hiddenSamples: [
      '«PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n{base64 64}\nPrivate-MAC: {hex 40}»',
      `«PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: {base64 200}\nPrivate-Lines: 156\n${'{base64 64}\n'.repeat(156)}Private-MAC: {hex 64}»`,
    ],
    keptSamples: [],
  },
  {
    id: 'age-key',
    kind: 'KEY',
    keywords: ['age-secret-key-'],
    find: createMatcher(/AGE-SECRET-KEY-(?:1|PQ-1)[A-Z0-9]{50,80}/g),
    hiddenSamples: ['«AGE-SECRET-KEY-1{upper 58}»'],
    keptSamples: [],
  },
]
