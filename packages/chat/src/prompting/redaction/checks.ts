import { PLACEHOLDER } from './rules/rule.ts'

/**
 * Returns true if a bank card can have this number, by its length, its issuer and the Luhn checksum. Thirteen digits
 * do not count, as they are far more often a time in milliseconds than one of Visa's cards from before 2000.
 */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 14 || digits.length > 19) return false
  return ISSUERS.test(digits) && passesLuhn(digits)
}

/** These prefixes belong to Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay and Maestro. */
const ISSUERS = /^(?:4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3[4-9]|6)/

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const RESIDENT_CHECK_CHARACTERS = '10X98765432'

/** Checks the last character of a Chinese resident's number (GB 11643), which follows from the other seventeen. */
export function isResidentNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return RESIDENT_CHECK_CHARACTERS[sum % 11] === digits[17]?.toUpperCase()
}

/** Matches a word that often follows the name of a secret and is no secret: `password: changed`. */
const EVERYDAY_WORD =
  /^(?:null|none|nil|undefined|true|false|yes|no|n\/?a|empty|blank|unknown|required|missing|change[ds]?|reset|expired?|invalid|(?:in)?correct|wrong|enabled|disabled|not|set|unset|ok|fail(?:ed|ure)?|success|never|always|default|optional|weak|strong|same|string|str|text|varchar|char|bytes?|bool(?:ean)?|number|int|object|any|hidden|prompt|hash(?:ed)?|plain|encrypted|rotated|stolen|leaked|exposed|used|unused|valid|needed|here|there|too|only|still|stored|sent|shared|safe|secret|secure|visible|policy|manager|authentication|reuse)$/i
/** Matches a text that stands for a secret: `****`, `<password>`, `${PASSWORD}`, `[redacted]`, `process.env.KEY`. */
const STAND_IN =
  /^(?:[*x•.…#_-]{3,}|…+|\W{1,3}|(?:Bearer|Basic)|<[^<>]*>?|\$\{?[\w.:]+\}?|%%?\w+%?|\{\{?[^{}]*\}?\}|\[?\(?(?:redacted|removed|hidden|masked|filtered|protected|snip|omitted)\)?\]?|(?:process\.env|os\.(?:environ|getenv)|self|this|args|config|settings|request)\b[.[(]\S*)$/i
const IS_PLACEHOLDER = new RegExp(`^${PLACEHOLDER.source}$`, 'i')
/** Matches a path or URL, which says where a secret is stored: `/run/secrets/db`, `C:\keys\a`, `https://…`. */
const LOCATION =
  /^(?:\/(?:etc|var|run|opt|home|usr|tmp|mnt|root|srv|proc|sys|dev|app|data|secrets?)(?:\/|$)|[a-z]:[\\/]|\\\\[\w.]|https?:\/\/|file:|\.{1,2}\/|~\/)/i

/** Returns false for an everyday word, a text that stands for a secret (`redacted`, `$PASSWORD`), a path and a URL. */
export const mayBeSecret = (text: string): boolean =>
  !EVERYDAY_WORD.test(text) && !STAND_IN.test(text) && !IS_PLACEHOLDER.test(text) && !LOCATION.test(text)

/**
 * Returns true if the text may be a secret and has a digit, a symbol or an inner capital, unlike a word of a sentence.
 * Punctuation at its end does not count.
 */
export const isUnlikeWord = (text: string): boolean =>
  mayBeSecret(text) && /[\d\p{P}\p{S}]|\p{Ll}\p{Lu}/u.test(text.replace(/(?<![.,;:!?)\]])[.,;:!?)\]]+$/, ''))

/**
 * Matches a technical term. The time is linear in a text without blanks: no two repetitions that follow each other
 * match the same digit, as those of `\d+\w*` would.
 */
const TECHNICAL =
  /^(?:md5\w*|sha[-_]?\d\w*|ntlmv?\d|base\d+|oauth2?|http\S*|ipv[46]|ssh2?|tls\S*|win\d+|k8s|s3|ec2|\d+(?:st|nd|rd|th)|\d+[-_]?[a-z]{1,8}|[a-z]{1,3}\d|v\d\S*|cve-\S*|kb\d+|0x[\da-f]+|\d{4}-\d\d\S*|\d+[:.]\d\S*|\S+\.(?:exe|dll|txt|log|ya?ml|json|conf|xml|ps1|sh|com|org|net|local|corp))[.,;:!?)]*$/i

/** Returns true for a technical term, which could be taken for a secret: `sha256`, `14-day`, `update.exe`, `10:42`. */
export const isTechnical = (text: string): boolean => !/\s/.test(text) && TECHNICAL.test(text)

/** Matches an assignment, a call or a path: `user=`, `f(`, `C:\`. */
const BEGINS_WITH_NAME = /^[\w.-]+[=:(/\\]/
/** Matches the beginning of a mail address or a path: `anna@`, `(web)/`. */
const BEGINS_ADDRESS = /^\(?[\w.-]+\)?(?:@|\/|\\)/

/** Returns true if a person would take the text for a password, as it mixes letters with digits or symbols. */
export const looksLikePassword = (text: string): boolean =>
  text.length >= 6 &&
  mayBeSecret(text) &&
  !isTechnical(text) &&
  /\p{L}/u.test(text) &&
  (/\d/.test(text) || /\p{L}[!@#$%^&*+=~?]/u.test(text)) &&
  !BEGINS_WITH_NAME.test(text) &&
  !BEGINS_ADDRESS.test(text)

/** Matches an absolute path, or one with a dot or a dash in a folder's name: `/usr/bin`, `Web/app-1/Main`. */
const LOOKS_LIKE_PATH = /^\/|^[^/]*\/[^-.]*[-.].*\//
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * Returns true for text that nobody typed by hand: a long mix of upper case, lower case and digits, a longer mix of one
 * case with at least three digits, or long hexadecimal. A UUID and a path of mixed case do not count.
 */
export function isRandom(text: string): boolean {
  if (text.length < 16 || !mayBeSecret(text) || UUID.test(text)) return false
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32 && /\d/.test(text) && /[a-f]/i.test(text)
  if (!/\d/.test(text) || !/[a-z]/i.test(text)) return false
  if (/[a-z]/.test(text) && /[A-Z]/.test(text)) return !LOOKS_LIKE_PATH.test(text)
  return text.length >= 20 && /^[a-z0-9]+=*$/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 3
}

/** Reads an International Bank Account Number as digits and checks that dividing by 97 leaves 1 (ISO 13616). */
export function isIban(text: string): boolean {
  const plain = text.replace(/\s/g, '').toUpperCase()
  if (plain.length < 15 || plain.length > 34) return false
  let remainder = 0
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97
  }
  return remainder === 1
}
