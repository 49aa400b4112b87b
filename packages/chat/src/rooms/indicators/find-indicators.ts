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
/**
 * `LABEL`, `TOP_LEVEL` and `HOST` match a host name and its parts. Their repetitions are bounded, so that the time
 * stays linear in the length of the text.
 */
const LABEL = '[a-z0-9_](?:[a-z0-9_\\-]{0,61}[a-z0-9])?'
const TOP_LEVEL = '[a-z](?:[a-z0-9\\-]{0,61}[a-z0-9])?'
const HOST = `(?:${LABEL}${DOT}){1,10}${TOP_LEVEL}`
const MAX_URL_LENGTH = 2_000
/**
 * Is the inner part of a character class. Words in these scripts may stand beside an indicator without a space:
 * `访问evil.com`.
 */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}`
/**
 * Is the inner part of a character class: the invisible characters, and the brackets `⟨` and `⟩`. `markDeceptive`
 * replaces an invisible character by a mark in these brackets: `⟨U+200B⟩`.
 */
const HIDDEN = String.raw`\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}\u{2800}\u{27e8}\u{27e9}[\p{Cc}--\s]`
/**
 * Matches a hidden character, or a letter, mark or digit of a script that is not in `CJK`. Such a character belongs to
 * the name beside it, so no indicator begins after it or ends before it.
 */
const NAME_CHARACTER = String.raw`[[\p{L}\p{M}\p{N}${HIDDEN}]--[${CJK}]]`
/**
 * Matches a name character before an indicator. A variation selector (U+FE0E, U+FE0F) after an emoji belongs to the
 * emoji and is not matched, so an indicator may begin after it.
 */
const PRECEDING_NAME_CHARACTER = String.raw`[${NAME_CHARACTER}--[\u{fe0e}\u{fe0f}]]|(?<!\p{Extended_Pictographic})[\u{fe0e}\u{fe0f}]`
const HIDDEN_CHARACTER = new RegExp(`[${HIDDEN}]`, 'v')
/**
 * `START` matches where no part of a name, a path or a mail address is before an indicator. `END` matches where no part
 * of a name follows it. Rules that need other bounds have their own.
 */
const START = String.raw`(?<![\w.\-@\/\\]|${PRECEDING_NAME_CHARACTER})`
const END = String.raw`(?![\w\-]|\.\w|${NAME_CHARACTER})`
/** After a hash or the id of a CVE, the ending of a file may follow: `CVE-2024-3094.pdf`. */
const END_OR_FILE_ENDING = String.raw`(?![\w\-]|${NAME_CHARACTER})`
/** A URL ends before white space, quotation marks, `<`, `>`, `|`, full-width punctuation and the scripts of `CJK`. */
const URL_CHARACTER = String.raw`[^\s<>"'\x60\|\u{2018}-\u{201f}\u{3000}-\u{303f}\u{ff00}-\u{ffef}${CJK}]`

interface Rule {
  pattern: string
  /**
   * Turns the matched text into an indicator. Returns undefined if the text is not an indicator. If only the beginning
   * of the text is an indicator, `length` is the length of this beginning.
   */
  read(written: string): { type: IndicatorType; value: string; length?: number } | undefined
  /**
   * Returns how much of a text that `read` refused the search skips, at least one character. Without this function the
   * search skips the whole text.
   */
  countSkipped?(written: string): number
}

/**
 * If several patterns match at a position, the first of these rules is used. If its `read` returns undefined, the
 * search goes on after the matched text, or after the part of it that `countSkipped` returns. No other rule reads the
 * skipped text.
 */
const RULES: Record<string, Rule> = {
  url: {
    // Matches `https://evil.example/a?b=1` and `hxxps[:]//evil[.]example/a`.
    pattern: String.raw`(?:h(?:tt|xx)ps?|ftp|fxp|wss?)(?:(?::|\[:\])\/\/|\[:\/\/\])${URL_CHARACTER}+`,
    read(written) {
      // A URL that is too long is not shortened, because the shorter text would be another URL.
      if (written.length > MAX_URL_LENGTH) return undefined
      const text = trimUrlEnd(written)
      const value = refang(text)
      if (!URL.canParse(value) || HIDDEN_CHARACTER.test(text)) return undefined
      return { type: 'url', value, length: text.length }
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
    // Matches `2001:db8::1`, but not `8080:10.0.0.5:80`, in which the rule `ipv4` finds `10.0.0.5`. The time `12:34:56`
    // also matches, but `read` refuses it, because it is no valid address.
    pattern: String.raw`(?<!:)${START}(?=::|[0-9a-f]{1,4}:[0-9a-f]{0,4}:)[0-9a-f:.]{3,45}(?![\w:]|${NAME_CHARACTER})`,
    read(written) {
      // Full stops and a colon at the end belong to the sentence, but the colons of `fe80::` belong to the address.
      const withoutDots = written.replace(/\.+$/, '')
      const text = withoutDots.endsWith('::') ? withoutDots : withoutDots.replace(/[.:]+$/, '')
      // A text without a digit is more likely a name in code, such as `a::b`.
      if (!/\d/.test(text) || !URL.canParse(`http://[${text}]`)) return undefined
      return { type: 'ipv6', value: new URL(`http://[${text}]`).hostname.slice(1, -1), length: text.length }
    },
    // After a time, ports or hex digits with colons another indicator may follow: `10:22:31:203.0.113.77`. It begins
    // after the last colon before the first dot.
    countSkipped(written) {
      const [beforeDot = ''] = written.split('.', 1)
      return beforeDot.lastIndexOf(':') + 1
    },
  },
  hash: {
    // Matches SHA-512, SHA-256, SHA-1 and MD5 in hex digits. A text of decimal digits only is a number and no hash.
    pattern: `${START}(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})${END_OR_FILE_ENDING}`,
    read: (written) => (/[a-f]/i.test(written) ? { type: 'hash', value: written.toLowerCase() } : undefined),
  },
  cve: {
    // Matches `CVE-2024-3094` in any case.
    pattern: String.raw`${START}cve-\d{4}-\d{4,7}${END_OR_FILE_ENDING}`,
    read: (written) => ({ type: 'cve', value: written.toUpperCase() }),
  },
  attack: {
    // Matches the ATT&CK ids `TA0001`, `T1059` and `T1059.001`. A text in lower case is no id.
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

/** Joins the patterns of all rules, each as a group with the rule's name. Letter case does not matter. */
const PATTERN = new RegExp(
  Object.entries(RULES)
    .map(([name, { pattern }]) => `(?<${name}>${pattern})`)
    .join('|'),
  'giv',
)

/** Yields, in the order of the text, what an engineer copies, blocks or looks up. Offsets count UTF-16 units. */
export function* findIndicators(text: string): Generator<Omit<Indicator, 'path'>> {
  let position = 0
  while (true) {
    PATTERN.lastIndex = position
    const match = PATTERN.exec(text)
    if (match === null) return
    const [written] = match
    const [ruleName] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    const rule = ruleName === undefined ? undefined : RULES[ruleName]
    const indicator = rule?.read(written)
    const start = match.index
    const length = indicator ? (indicator.length ?? written.length) : (rule?.countSkipped?.(written) ?? written.length)
    position = start + Math.max(1, length)
    if (indicator) yield { start, end: start + length, type: indicator.type, value: indicator.value }
  }
}
