/** Whether a bank card could have this number: its length, its issuer, and the Luhn checksum. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 13 || digits.length > 19) return false
  return ISSUERS.test(digits) && (digits.length > 13 || digits.startsWith('4')) && luhn(digits)
}

/** Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro. */
const ISSUERS = /^(?:4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3[4-9]|6)/

function luhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The last character of a Chinese resident's number (GB 11643) follows from the seventeen before it. */
export function isResidentNumber(text: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0)
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase()
}

const NO_SECRET =
  /^(?:null|none|nil|undefined|true|false|yes|no|n\/?a|empty|unknown|required|missing|changed?|reset|expired|invalid|wrong|enabled|disabled)$/i
const STANDS_FOR_ONE =
  /^(?:[*x•.]{3,}|<[^<>]*>|\$\{?\w+\}?|%\w+%|\{\{.*\}\}|\[?\(?(?:redacted|removed|hidden|masked)\)?\]?)$/i

/** A value behind a telling name, unless it is only a word for one. */
export const isValue = (text: string): boolean => !NO_SECRET.test(text) && !STANDS_FOR_ONE.test(text)

/** Not a word of a sentence: it has a digit, a symbol or a capital inside. */
export const isNoWord = (text: string): boolean => isValue(text) && /[\d\p{P}\p{S}]|\p{Ll}\p{Lu}/u.test(text)
