import { listBase64Forms } from '../base64.ts'
import { createMatcher, type SecretMatch, type SecretRule } from './rule.ts'
import { type IsComplete, readWrappedBase64 } from './wrapped-base64.ts'

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

/**
 * Matches the first line of Base64 of a text with `-----BEGIN` or with `Bag Attributes` (PKCS #12). The bytes before
 * `-----BEGIN` decide which of three forms it has. If there are any, the match begins with the last one or two.
 */
const ENCODED_FIRST_LINE =
  /(?:LS0tLS1CRUdJTi|[A-Za-z0-9+/]{2}0tLS0tQkVHSU4g|[A-Za-z0-9+/]{3}tLS0tLUJFR0lOI|QmFnIEF0dHJpYnV0ZXM)[A-Za-z0-9+/]{2,200000}={0,2}/g
/** Lists what `PRIVATE KEY` can look like within Base64. None of these forms has a `+`. */
const ENCODED_KEY_NAMES = listBase64Forms('PRIVATE KEY')
const LAST_END_LINE = /-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}\s*$/

/** Finds Base64 of a PEM text that has a private key, alone or after certificates, in one line or in several. */
function findEncodedPrivateKeys(text: string): SecretMatch[] {
  const keys: SecretMatch[] = []
  let readTo = 0
  for (const { 0: firstLine, index: start } of text.matchAll(ENCODED_FIRST_LINE)) {
    if (start < readTo) continue // It is within the Base64 before it.
    const { end, base64 } = readWrappedBase64(text, start, firstLine, endsWithEndLine)
    readTo = end
    if (ENCODED_KEY_NAMES.some((name) => base64.includes(name))) keys.push({ start, end })
  }
  return keys
}

/** Base64 that begins at its start has groups of four characters, so its last groups can be decoded alone. */
const endsWithEndLine: IsComplete = (length, tail) =>
  length % 4 === 0 && LAST_END_LINE.test(Buffer.from(tail.slice(tail.length % 4), 'base64').toString('latin1'))

/**
 * Matches the first line of a key in Base64 without BEGIN and END lines. Keys begin with these characters, in this
 * order: RSA in PKCS #1, RSA in PKCS #8, OpenSSH, EC P-256 and Ed25519.
 */
const BARE_KEY_FIRST_LINE =
  /(?:MII[A-Za-z0-9+/]{1,3}IBA(?:AKC|DANBgkqhkiG9w0BAQEFAASC)|b3BlbnNzaC1rZXktdjE|MHcCAQEE|MC4CAQAwBQYDK2Vw)[A-Za-z0-9+/]{8,20000}={0,2}/g
const MIN_BARE_KEY_CHARACTERS = 48

function findBareKeys(text: string): SecretMatch[] {
  const keys: SecretMatch[] = []
  let readTo = 0
  for (const { 0: firstLine, index: start } of text.matchAll(BARE_KEY_FIRST_LINE)) {
    if (start < readTo) continue
    const length = readKeyLength(firstLine)
    const { end, base64 } = readWrappedBase64(text, start, firstLine, (read) => read >= length)
    readTo = end
    if (base64.length >= MIN_BARE_KEY_CHARACTERS) keys.push({ start, end })
  }
  return keys
}

/** Reads from a key in DER how many characters of Base64 it has. A key of OpenSSH does not begin with its length. */
function readKeyLength(firstLine: string): number {
  const [tag, length = 0, high = 0, low = 0] = Buffer.from(firstLine.slice(0, 8), 'base64')
  if (tag !== 0x30) return Number.POSITIVE_INFINITY
  const bytes = length < 0x80 ? 2 + length : 4 + high * 256 + low
  return Math.ceil(bytes / 3) * 4
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
    // These are the beginnings in `ENCODED_FIRST_LINE`.
    keywords: ['ls0tls1crudjti', '0tls0tqkvhsu4g', 'tls0tlujfr0loi', 'qmfnief0dhjpynv0zxm'],
    find: findEncodedPrivateKeys,
    hiddenSamples: [
      'tls.key: «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{base64 80}==»',
      'tls.key: |\n  «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{base64 34}\n  {base64 76}\n  {base64 22}==»\ntype: x',
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
    find: findBareKeys,
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
