import { refang } from '@engineer-chat/markdown'
import type { Indicator } from '@engineer-chat/protocol'
import { cutUrl } from './cut-url.ts'
import { isDomain } from './domain-names.ts'

type Type = Indicator['type']

const DOT = String.raw`(?:\.| ?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)) ?)`
const AT = String.raw`(?:@| ?(?:\[@\]|\(@\)|\[at\]|\(at\)) ?)`
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`
/** The repetitions are bounded, so that the time stays linear in the length of the text. */
const LABEL = '[a-z0-9_](?:[a-z0-9_\\-]{0,61}[a-z0-9])?'
const TOP_LEVEL = '[a-z](?:[a-z0-9\\-]{0,61}[a-z0-9])?'
const HOST = `(?:${LABEL}${DOT}){1,10}${TOP_LEVEL}`
const MAX_URL_LENGTH = 2_000
/** These scripts can touch an address without a space between. */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}`
/** These are invisible characters, and the brackets of the mark that replaces them in answers. */
const HIDDEN = String.raw`\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}\u{2800}\u{27e8}\u{27e9}[\p{Cc}--\s]`
/** A letter of another script or an invisible character belongs to a name, so a name never begins right after it. */
const NAME_CHARACTER = String.raw`[[\p{L}\p{M}\p{N}${HIDDEN}]--[${CJK}]]`
/** The selector of an emoji does not belong to the name after it. */
const PRECEDING_NAME_CHARACTER = String.raw`[${NAME_CHARACTER}--[\u{fe0e}\u{fe0f}]]|(?<!\p{Extended_Pictographic})[\u{fe0e}\u{fe0f}]`
const HAS_HIDDEN = new RegExp(`[${HIDDEN}]`, 'v')
const START = String.raw`(?<![\w.\-@\/\\]|${PRECEDING_NAME_CHARACTER})`
const END = String.raw`(?![\w\-]|\.\w|${NAME_CHARACTER})`
const URL_CHARACTER = String.raw`[^\s<>"'\x60\|\u{2018}-\u{201f}\u{3000}-\u{303f}\u{ff00}-\u{ffef}${CJK}]`

interface Rule {
  pattern: string
  /** Takes the text as it was written. Returns its type and value, or undefined if it is not an indicator. */
  read(written: string): { type: Type; value: string; length?: number } | undefined
}

/** The order matters, because the first rule that fits at a position wins. */
const RULES: Record<string, Rule> = {
  url: {
    pattern: String.raw`(?:h(?:tt|xx)ps?|ftp|fxp|wss?)(?:(?::|\[:\])\/\/|\[:\/\/\])${URL_CHARACTER}+`,
    read(written) {
      // A cut URL would be another address.
      if (written.length > MAX_URL_LENGTH) return undefined
      const text = cutUrl(written)
      const value = refang(text)
      return URL.canParse(value) && !HAS_HIDDEN.test(text) ? { type: 'url', value, length: text.length } : undefined
    },
  },
  email: {
    pattern: String.raw`${START}[a-z0-9_.+\-]{1,64}${AT}${HOST}${END}`,
    read(written) {
      const value = refang(written).toLowerCase()
      return isDomain(value.slice(value.indexOf('@') + 1), { defanged: true }) ? { type: 'email', value } : undefined
    },
  },
  ipv4: {
    // A range such as `10.0.0.1-10.0.0.9` holds two addresses, and `8.8.8.8.evil.com` none.
    pattern: String.raw`(?<![\w.@]|[a-z_]-|${PRECEDING_NAME_CHARACTER})${OCTET}(?:${DOT}${OCTET}){3}(?!\w|\.\w|-(?!${OCTET}\.)|${NAME_CHARACTER})`,
    read: (written) => ({ type: 'ipv4', value: refang(written) }),
  },
  ipv6: {
    pattern: String.raw`(?<!:)${START}(?=[0-9a-f]{0,4}:)[0-9a-f:.]{3,45}(?![\w:]|${NAME_CHARACTER})`,
    read(written) {
      const text = written.replace(/[.:]$/, (end) => (end === ':' && written.endsWith('::') ? end : ''))
      if (!/\d/.test(text) || !URL.canParse(`http://[${text}]`)) return undefined
      return { type: 'ipv6', value: new URL(`http://[${text}]`).hostname.slice(1, -1), length: text.length }
    },
  },
  hash: {
    pattern: String.raw`${START}(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![\w\-]|${NAME_CHARACTER})`,
    read: (written) => (/[a-f]/i.test(written) ? { type: 'hash', value: written.toLowerCase() } : undefined),
  },
  cve: {
    pattern: String.raw`${START}cve-\d{4}-\d{4,7}(?![\w\-]|${NAME_CHARACTER})`,
    read: (written) => ({ type: 'cve', value: written.toUpperCase() }),
  },
  attack: {
    pattern: String.raw`${START}t(?:a\d{4}|\d{4}(?:\.\d{3})?)(?![\w\-]|\.\d|${NAME_CHARACTER})`,
    read: (written) => (written === written.toUpperCase() ? { type: 'attack', value: written } : undefined),
  },
  domain: {
    pattern: String.raw`${START}${HOST}(?!\(|:\/\/)${END}`,
    read(written) {
      const value = refang(written)
      return isDomain(value, { defanged: value !== written })
        ? { type: 'domain', value: value.toLowerCase() }
        : undefined
    },
  },
}

const PATTERN = new RegExp(
  Object.entries(RULES)
    .map(([name, { pattern }]) => `(?<${name}>${pattern})`)
    .join('|'),
  'giv',
)

/** Yields the indicators that an analyst copies, blocks or looks up, in order. Offsets count UTF-16 units. */
export function* findIndicators(text: string): Generator<Omit<Indicator, 'path'>> {
  PATTERN.lastIndex = 0
  let position = 0
  while (true) {
    PATTERN.lastIndex = position
    const match = PATTERN.exec(text)
    if (match === null) return
    const [written] = match
    const [name] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    const found = name === undefined ? undefined : RULES[name]?.read(written)
    const start = match.index
    const length = found?.length ?? written.length
    position = start + Math.max(1, length)
    if (found) yield { start, end: start + length, type: found.type, value: found.value }
  }
}
