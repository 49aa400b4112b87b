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

/**
 * Matches the first digits of card numbers. They belong to Visa, Mastercard, American Express, Diners, Discover, JCB,
 * UnionPay and Maestro. Numbers of Diners with `30` have fourteen digits. Two dates with `30` have sixteen.
 */
const ISSUERS = /^(?:4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3(?:0[0-59]\d{11}$|[4-9])|6)/

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

/**
 * Returns true if the last of the eighteen characters of a Chinese resident's number is right (GB 11643). It is
 * computed from the seventeen digits before it, and may be an X.
 */
export function isResidentNumber(text: string): boolean {
  const characters = text.replace(/[ -]/g, '')
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, index) => total + weight * Number(characters[index]), 0)
  return RESIDENT_CHECK_CHARACTERS[sum % 11] === characters[17]?.toUpperCase()
}

/** Matches a word that often follows the name of a secret and is no secret: `password: changed`. */
const EVERYDAY_WORD =
  /^(?:null|none|nil|undefined|true|false|yes|no|n\/?a|empty|blank|unknown|required|missing|change[ds]?|reset|expired?|invalid|(?:in)?correct|wrong|enabled|disabled|not|set|unset|ok|fail(?:ed|ure)?|success|never|always|default|optional|weak|strong|same|string|str|text|varchar|char|bytes?|bool(?:ean)?|number|int|object|any|hidden|prompt|hash(?:ed)?|plain|encrypted|rotated|stolen|leaked|exposed|used|unused|valid|needed|here|there|too|only|still|stored|sent|shared|safe|secret|secure|visible|policy|manager|authentication|reuse)$/i
/** Matches a text that stands for a secret: `****`, `<password>`, `${PASSWORD}`, `[redacted]`, `process.env.KEY`. */
const STAND_IN =
  /^(?:[*x•.…#_-]{3,}|…+|\W{1,3}|(?:Bearer|Basic)|<[^<>]*>?|\$\{?[\w.:]+\}?|%%?\w+%?|\{\{?[^{}]*\}?\}|\[?\(?(?:redacted|removed|hidden|masked|filtered|protected|snip|omitted)\)?\]?|(?:process\.env|os\.(?:environ|getenv)|self|this|args|config|settings|request)\b[.[(]\S*)$/i
/** Matches a text that is one placeholder of the redaction. */
const WHOLE_PLACEHOLDER = new RegExp(`^${PLACEHOLDER.source}$`, 'i')
/** Matches a path or URL. It says where a secret is stored: `/run/secrets/db`, `C:\keys\a`, `https://…`. */
const LOCATION =
  /^(?:\/(?:etc|var|run|opt|home|usr|tmp|mnt|root|srv|proc|sys|dev|app|data|secrets?)(?:\/|$)|[a-z]:[\\/]|\\\\[\w.]|https?:\/\/|file:|\.{1,2}\/|~\/)/i

/** Returns true for a path or a URL. */
export const isLocation = (text: string): boolean => LOCATION.test(text)

/**
 * Returns false for a text that is no secret: an everyday word, a text that stands for a secret (`redacted`,
 * `$PASSWORD`), a placeholder, a path or a URL.
 */
export const mayBeSecret = (text: string): boolean =>
  !EVERYDAY_WORD.test(text) && !STAND_IN.test(text) && !WHOLE_PLACEHOLDER.test(text) && !isLocation(text)

/**
 * Returns true if the text may be a secret and does not look like a word of a sentence: it has a digit, a symbol, a
 * punctuation mark before its end, or a capital after a small letter.
 */
export const isUnlikeWord = (text: string): boolean =>
  mayBeSecret(text) && /[\d\p{P}\p{S}]|\p{Ll}\p{Lu}/u.test(text.replace(/(?<![.,;:!?)\]])[.,;:!?)\]]+$/, ''))

/**
 * Matches a technical term. It takes linear time for a text without blanks, because no two successive repetitions match
 * the same digit. Those of `\d+\w*` would.
 */
const TECHNICAL =
  /^(?:md5\w*|sha[-_]?\d\w*|ntlmv?\d|base\d+|oauth2?|http\S*|ipv[46]|ssh2?|tls\S*|win\d+|k8s|s3|ec2|\d+(?:st|nd|rd|th)|\d+[-_]?[a-z]{1,8}|[a-z]{1,3}\d|v\d\S*|cve-\S*|kb\d+|0x[\da-f]+|\d{4}-\d\d\S*|\d+[:.]\d\S*|\S+\.(?:exe|dll|txt|log|ya?ml|json|conf|xml|ps1|sh|com|org|net|local|corp))[.,;:!?)]*$/i

/** Returns true for a technical term that only looks like a secret: `sha256`, `14-day`, `update.exe`, `10:42`. */
export const isTechnical = (text: string): boolean => !/\s/.test(text) && TECHNICAL.test(text)

/** Matches a name at the beginning of an assignment, a call or a path: `user=`, `f(`, `C:`, `web/`. */
const NAME_AT_START = /^[\w.-]+[=:(/\\]/
/** Matches the beginning of a mail address, or of a path whose first part may be in parentheses: `anna@`, `(web)/`. */
const ADDRESS_AT_START = /^\(?[\w.-]+\)?(?:@|\/|\\)/

/**
 * Returns true if a person would take the text for a password. Such a text has at least six characters and mixes
 * letters with digits or symbols. It is no technical term, and does not begin like an assignment, a call, a path or an
 * address.
 */
export const looksLikePassword = (text: string): boolean =>
  text.length >= 6 &&
  mayBeSecret(text) &&
  !isTechnical(text) &&
  /\p{L}/u.test(text) &&
  (/\d/.test(text) || /\p{L}[!@#$%^&*+=~?]/u.test(text)) &&
  !NAME_AT_START.test(text) &&
  !ADDRESS_AT_START.test(text)

/**
 * Matches an absolute path, or a path with a dot or a dash in the name of a folder that is not the first: `/usr/bin`,
 * `Web/app-1/Main`.
 */
const PATH = /^\/|^[^/]*\/[^-.]*[-.].*\//
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * Returns true for a text that may be a secret and looks generated. It has upper case, lower case and digits (at least
 * 16 characters), or letters of one case and at least three digits (at least 20), or it is hexadecimal (at least 32). A
 * UUID does not count, nor does a path with both cases. Of several words, one must look generated.
 */
export const isRandom = (text: string): boolean => mayBeSecret(text) && text.split(/\s+/).some(isRandomWord)

function isRandomWord(text: string): boolean {
  if (text.length < 16 || !mayBeSecret(text) || UUID.test(text)) return false
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32 && /\d/.test(text) && /[a-f]/i.test(text)
  if (!/\d/.test(text) || !/[a-z]/i.test(text)) return false
  if (/[a-z]/.test(text) && /[A-Z]/.test(text)) return !PATH.test(text)
  return text.length >= 20 && /^[a-z0-9]+=*$/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 3
}

/**
 * Returns true for a valid International Bank Account Number: if it is read as digits and divided by 97, the remainder
 * is 1 (ISO 13616).
 */
export function isIban(text: string): boolean {
  const plain = text.replace(/\s/g, '').toUpperCase()
  if (plain.length < 15 || plain.length > 34) return false
  let remainder = 0
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97
  }
  return remainder === 1
}
