import { createMatcher, type SecretMatch, type SecretRule } from './rule.ts'

const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g
const END = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g
/** A key of 16,384 bits fits, even if a log puts a prefix before each of its lines. */
const MAX_KEY_CHARACTERS = 60_000
const LINE_END = /\n|<br ?\/?>/gi
/** Matches a line of a key, even if a log, a mail or a program's source puts text before and after it. */
const KEY_LINE =
  /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])|(?:Proc-Type|DEK-Info|Version|Comment|Hash):/
/** Matches a short line, which may be within a key, with quotes, times and the like before and after it. */
const SHORT_LINE = /^[\s>|#*"'+\\,\d:.-]{0,40}[A-Za-z0-9+/]{0,24}={0,2}[\s"'+\\,;]{0,8}$/

/** Finds private keys from the BEGIN line to the END line, otherwise to the last line that looks like a key's. */
function findPrivateKeys(text: string): SecretMatch[] {
  const begins = [...text.matchAll(BEGIN)]
  if (begins.length === 0) return []
  const ends = Array.from(text.matchAll(END), (match) => match.index + match[0].length)
  const keys: SecretMatch[] = []
  let endIndex = 0
  for (const [beginIndex, { 0: beginLine, index: start }] of begins.entries()) {
    while ((ends[endIndex] ?? Number.POSITIVE_INFINITY) < start) endIndex++
    const limit = Math.min(begins[beginIndex + 1]?.index ?? text.length, start + MAX_KEY_CHARACTERS)
    const end = ends[endIndex] ?? Number.POSITIVE_INFINITY
    keys.push({ start, end: end <= limit ? end : findKeyLinesEnd(text, start + beginLine.length, limit) })
  }
  return keys
}

/** Finds the end of the last line that is surely of the key. Short lines count only if such a line follows them. */
function findKeyLinesEnd(text: string, from: number, limit: number): number {
  const body = text.slice(from, limit)
  let lineStart = 0
  let keyEnd = 0
  for (const { 0: lineEnd, index } of [...body.matchAll(LINE_END), { 0: '', index: body.length }]) {
    const line = body.slice(lineStart, index)
    const isKeyLine = KEY_LINE.test(line)
    if (!isKeyLine && !SHORT_LINE.test(line)) break
    if (isKeyLine) keyEnd = index
    lineStart = index + lineEnd.length
  }
  return from + keyEnd
}

/** The Base64 of the longest BEGIN line is not longer than this. */
const MAX_BEGIN_LINE_CHARACTERS = 120

/**
 * Returns true if this Base64 text, which begins with `-----BEGIN`, holds a private key. Its first line is decoded,
 * because the Base64 of a certificate begins with the same characters.
 */
const isKeyInBase64 = (base64: string): boolean =>
  /PRIVATE KEY/.test(Buffer.from(base64.slice(0, MAX_BEGIN_LINE_CHARACTERS), 'base64').toString('latin1'))

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
    keywords: ['ls0tls1crudjti'],
    find: createMatcher(/LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,40000}={0,2}/g, isKeyInBase64),
    hiddenSamples: ['tls.key: «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{base64 80}==»'],
    keptSamples: ['tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSU{base64 80}=='],
  },
  {
    id: 'private-key-without-armor',
    kind: 'KEY',
    keywords: ['ibaakc', 'ibadanbgkqhkig9w0baqefaasc', 'b3blbnnzac1rzxktdje', 'mhccaqee', 'mc4caqawbqydk2vw'],
    // Keys of RSA in both forms of PKCS, of OpenSSH, and of two kinds of elliptic curves begin with these characters.
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
    // A key of RSA 16384 has 156 lines. The longest match is shorter than `MARGIN_CHARACTERS` (`trim.ts`), so the
    // margin of a cut text has room for the whole key.
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
