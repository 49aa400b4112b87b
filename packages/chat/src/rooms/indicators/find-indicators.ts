import { refang } from '@engineer-chat/markdown'
import type { Indicator, IndicatorType } from '@engineer-chat/protocol'
import { isDomain } from './domain-names.ts'
import { trimUrlEnd } from './trim-url-end.ts'

/** Matches a dot as people write it in a host name or an IP address: `.`, `[.]`, ` (dot) `. */
const DOT = String.raw`(?:\.| ?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)) ?)`
/** Matches an at sign as people write it: `@`, `[@]`, ` (at) `. */
const AT = String.raw`(?:@| ?(?:\[@\]|\(@\)|\[at\]|\(at\)) ?)`
/** Matches a number from 0 to 255. */
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`
/** The repetitions in a host name are bounded, so that the time stays linear in the length of the text. */
const LABEL = '[a-z0-9_](?:[a-z0-9_\\-]{0,61}[a-z0-9])?'
const TOP_LEVEL = '[a-z](?:[a-z0-9\\-]{0,61}[a-z0-9])?'
const HOST = `(?:${LABEL}${DOT}){1,10}${TOP_LEVEL}`
const MAX_URL_LENGTH = 2_000
/** Lists scripts, for a character class. Their words can stand beside a domain without a space: `访问evil.com`. */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}`
/**
 * Lists, for a character class, the invisible characters and the brackets of a mark of `markDeceptive`, such as
 * `⟨U+200B⟩`.
 */
const HIDDEN_CHARACTERS = String.raw`\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}\u{2800}\u{27e8}\u{27e9}[\p{Cc}--\s]`
/**
 * A letter, mark or digit of any script that is not in `CJK`, or an invisible character, belongs to the name beside it,
 * so no indicator begins or ends there.
 */
const NAME_CHARACTER = String.raw`[[\p{L}\p{M}\p{N}${HIDDEN_CHARACTERS}]--[${CJK}]]`
/** A variation selector (U+FE0E, U+FE0F) after an emoji belongs to the emoji, so an indicator may begin after it. */
const PRECEDING_NAME_CHARACTER = String.raw`[${NAME_CHARACTER}--[\u{fe0e}\u{fe0f}]]|(?<!\p{Extended_Pictographic})[\u{fe0e}\u{fe0f}]`
const HAS_HIDDEN = new RegExp(`[${HIDDEN_CHARACTERS}]`, 'v')
/**
 * An indicator other than a URL or an IPv4 address starts where no part of a name, a path or a mail address is before
 * it, and ends where no part of a name follows.
 */
const START = String.raw`(?<![\w.\-@\/\\]|${PRECEDING_NAME_CHARACTER})`
const END = String.raw`(?![\w\-]|\.\w|${NAME_CHARACTER})`
/** After a hash or the id of a CVE, the ending of a file may follow: `CVE-2024-3094.pdf`. */
const END_OR_FILE_ENDING = String.raw`(?![\w\-]|${NAME_CHARACTER})`
const URL_CHARACTER = String.raw`[^\s<>"'\x60\|\u{2018}-\u{201f}\u{3000}-\u{303f}\u{ff00}-\u{ffef}${CJK}]`

interface Rule {
  pattern: string
  /**
   * Takes the matched text as it was written. Returns undefined if it is not an indicator. If only the beginning of the
   * text is the indicator, `length` counts the characters of this beginning.
   */
  read(written: string): { type: IndicatorType; value: string; length?: number } | undefined
}

/**
 * The order matters, because the first rule whose pattern matches at a position wins. If its `read` refuses the matched
 * text, no other rule reads that text.
 */
const RULES: Record<string, Rule> = {
  url: {
    // Matches `https://evil.example/a?b=1` and `hxxps[:]//evil[.]example/a`.
    pattern: String.raw`(?:h(?:tt|xx)ps?|ftp|fxp|wss?)(?:(?::|\[:\])\/\/|\[:\/\/\])${URL_CHARACTER}+`,
    read(written) {
      // A URL that is shortened to the limit would be another URL, so a URL that is too long is no indicator.
      if (written.length > MAX_URL_LENGTH) return undefined
      const text = trimUrlEnd(written)
      const value = refang(text)
      return URL.canParse(value) && !HAS_HIDDEN.test(text) ? { type: 'url', value, length: text.length } : undefined
    },
  },
  email: {
    // Matches `bob@corp.com` and `eve (at) mail (dot) org`.
    pattern: String.raw`${START}[a-z0-9_.+\-]{1,64}${AT}${HOST}${END}`,
    read(written) {
      const value = refang(written).toLowerCase()
      const host = value.slice(value.indexOf('@') + 1)
      return isDomain(host, { isSurelyHost: true }) ? { type: 'email', value } : undefined
    },
  },
  ipv4: {
    // Matches `10.0.0.1`, `192[.]168[.]0[.]1` and both addresses of `10.0.0.1-10.0.0.9`, but not `8.8.8.8.evil.com`.
    pattern: String.raw`(?<![\w.@]|[a-z_]-|${PRECEDING_NAME_CHARACTER})${OCTET}(?:${DOT}${OCTET}){3}(?!\w|\.\w|-(?!${OCTET}\.)|${NAME_CHARACTER})`,
    read: (written) => ({ type: 'ipv4', value: refang(written) }),
  },
  ipv6: {
    // Matches `2001:db8::1`, but not `8080:10.0.0.5:80`, which holds an IPv4 address. The time `12:34:56` also matches,
    // but is no valid address.
    pattern: String.raw`(?<!:)${START}(?=::|[0-9a-f]{1,4}:[0-9a-f]{0,4}:)[0-9a-f:.]{3,45}(?![\w:]|${NAME_CHARACTER})`,
    read(written) {
      // The last full stop or colon belongs to the sentence, but the colons of `fe80::` belong to the address.
      const text = written.endsWith('::') ? written : written.replace(/[.:]$/, '')
      // Without a digit it is more likely a name in code, such as `a::b`.
      if (!/\d/.test(text) || !URL.canParse(`http://[${text}]`)) return undefined
      return { type: 'ipv6', value: new URL(`http://[${text}]`).hostname.slice(1, -1), length: text.length }
    },
  },
  hash: {
    // Matches the digits of SHA-512, SHA-256, SHA-1 and MD5. A number without a letter is no hash.
    pattern: `${START}(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})${END_OR_FILE_ENDING}`,
    read: (written) => (/[a-f]/i.test(written) ? { type: 'hash', value: written.toLowerCase() } : undefined),
  },
  cve: {
    // Matches `CVE-2024-3094` in any case.
    pattern: String.raw`${START}cve-\d{4}-\d{4,7}${END_OR_FILE_ENDING}`,
    read: (written) => ({ type: 'cve', value: written.toUpperCase() }),
  },
  attack: {
    // Matches the ATT&CK ids `TA0001`, `T1059` and `T1059.001`. They are written in upper case.
    pattern: String.raw`${START}t(?:a\d{4}|\d{4}(?:\.\d{3})?)(?![\w\-]|\.\d|${NAME_CHARACTER})`,
    read: (written) => (written === written.toUpperCase() ? { type: 'attack', value: written } : undefined),
  },
  domain: {
    // Matches `evil.co.uk` and `evil[.]example`, but not the call `array.map(x)`.
    pattern: String.raw`${START}${HOST}(?!\(|:\/\/)${END}`,
    read(written) {
      const value = refang(written)
      const isDefanged = value !== written
      return isDomain(value, { isSurelyHost: isDefanged }) ? { type: 'domain', value: value.toLowerCase() } : undefined
    },
  },
}

const PATTERN = new RegExp(
  Object.entries(RULES)
    .map(([name, { pattern }]) => `(?<${name}>${pattern})`)
    .join('|'),
  'giv',
)

/** Yields the indicators that an engineer copies, blocks or looks up, in order. Offsets count UTF-16 units. */
export function* findIndicators(text: string): Generator<Omit<Indicator, 'path'>> {
  let position = 0
  while (true) {
    PATTERN.lastIndex = position
    const match = PATTERN.exec(text)
    if (match === null) return
    const [written] = match
    const [ruleName] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    const indicator = ruleName === undefined ? undefined : RULES[ruleName]?.read(written)
    const start = match.index
    const length = indicator?.length ?? written.length
    position = start + Math.max(1, length)
    if (indicator) yield { start, end: start + length, type: indicator.type, value: indicator.value }
  }
}
