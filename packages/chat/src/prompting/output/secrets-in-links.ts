import { listBase64Forms } from '../redaction/base64.ts'
import { createViews } from '../redaction/views.ts'
import { createWordFinder } from '../redaction/word-finder.ts'

/** Matches a character that ends an address in prose, or that is left out at the end of an address, as `.` is. */
const ENDS_ADDRESS =
  /[\s!?*_'"`()[\]|^\\<>,;:.\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u
/** A secret with a shorter part before a character of `ENDS_ADDRESS` is searched as a whole only. */
const MIN_PREFIX_CHARACTERS = 3
/**
 * A shorter secret occurs in other words by chance. It counts only as a whole part of the address, and a plain word
 * or number only as a value (`key=word`) or a password (`user:word@`).
 */
const MIN_UNAMBIGUOUS_CHARACTERS = 8
/** A shorter form is not searched. */
const MIN_FORM_CHARACTERS = 3
/** A longer secret is recognised by its beginning, which has this many characters. */
const MAX_FORM_CHARACTERS = 100
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * Creates a function that returns true if an address holds a secret: plain, escaped or in Base64. One pass finds all
 * secrets.
 */
export function createSecretCheck(secrets: readonly string[]): (address: string) => boolean {
  // Addresses are searched in their views, so secrets are searched as their views read them.
  const readSecrets = secrets.flatMap((secret) => [secret, ...createViews(secret).map(({ text }) => text)])
  const forms = [...new Set(readSecrets.flatMap((secret) => [secret, ...listBase64Forms(secret)]))]
    .filter(({ length }) => length >= MIN_FORM_CHARACTERS)
    .map((form) => form.slice(0, MAX_FORM_CHARACTERS))
  if (forms.length === 0) return () => false
  const knownForms = new Set(forms)
  const finder = createWordFinder(forms)
  const prefixFinder = createWordFinder(readSecrets.flatMap(listSecretPrefixes))
  return (address) =>
    createViews(address).some(({ text }) => {
      let isFound = false
      finder.find(text, (formIndex, end) => {
        isFound ||= listEndings(forms[formIndex] ?? '').some(
          (form) => knownForms.has(form) && isSecretAt(form, text, end),
        )
      })
      // A character of the secret may have ended the address, which then has only the part before that character.
      prefixFinder.find(text, (_, end) => {
        isFound ||= end === text.length
      })
      return isFound
    })
}

/** Lists a form and, because the finder reports only the longest one, the shorter forms with which it may end. */
const listEndings = (form: string): string[] =>
  form.length >= MIN_UNAMBIGUOUS_CHARACTERS
    ? [form]
    : Array.from({ length: form.length - MIN_FORM_CHARACTERS + 1 }, (_, start) => form.slice(start))

function isSecretAt(form: string, address: string, end: number): boolean {
  if (form.length >= MIN_UNAMBIGUOUS_CHARACTERS) return true
  const [before, after] = [address[end - form.length - 1] ?? '', address[end] ?? '']
  if (LETTER_OR_DIGIT.test(before) || LETTER_OR_DIGIT.test(after)) return false
  const isNumberOrWord = !/\p{L}/u.test(form) || !/[\d\p{P}\p{S}]/u.test(form)
  return !isNumberOrWord || before === '=' || (before === ':' && after === '@')
}

/** Returns a secret's part before a character that ends an address: `Summer2025` of `Summer2025!`. */
function listSecretPrefixes(secret: string): string[] {
  const end = secret.search(ENDS_ADDRESS)
  return end >= MIN_PREFIX_CHARACTERS && secret.length >= MIN_UNAMBIGUOUS_CHARACTERS
    ? [secret.slice(0, end).slice(-MAX_FORM_CHARACTERS)]
    : []
}
