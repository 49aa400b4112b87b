import { listBase64Forms } from '../redaction/base64.ts'
import { createViews } from '../redaction/views.ts'
import { createWordFinder } from '../redaction/word-finder.ts'

/** Matches a character that ends an address in prose, or that is cut off at the end of an address, such as `.`. */
const ADDRESS_END =
  /[\s!?*_'"`()[\]|^\\<>,;:.\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u
/** If a secret's part before a character of `ADDRESS_END` is shorter, only the whole secret is searched. */
const MIN_PREFIX_CHARACTERS = 3
/**
 * A shorter secret occurs in other words by chance. It counts only if no letter or digit stands beside it. A short
 * plain word or number counts only as a value (`key=word`) or a password (`user:word@`).
 */
const MIN_UNAMBIGUOUS_CHARACTERS = 8
/** A form is a secret as it may stand in an address: plain or in Base64. A shorter form is not searched. */
const MIN_FORM_CHARACTERS = 3
/** Only this many of the first characters of a longer form are searched. */
const MAX_FORM_CHARACTERS = 100
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * Creates a function that returns true if an address holds a secret: plain, escaped or in Base64. It searches for all
 * secrets in one pass.
 */
export function createSecretCheck(secrets: readonly string[]): (address: string) => boolean {
  // An address is searched in its views, which fold characters and undo escapes. So the secrets' views are needed too.
  const secretsAndViews = secrets.flatMap((secret) => [secret, ...createViews(secret).map(({ text }) => text)])
  const forms = [...new Set(secretsAndViews.flatMap((secret) => [secret, ...listBase64Forms(secret)]))]
    .filter(({ length }) => length >= MIN_FORM_CHARACTERS)
    .map((form) => form.slice(0, MAX_FORM_CHARACTERS))
  if (forms.length === 0) return () => false
  const knownForms = new Set(forms)
  const formFinder = createWordFinder(forms)
  const prefixFinder = createWordFinder(secretsAndViews.flatMap(listSecretPrefix))
  return (address) =>
    createViews(address).some(({ text }) => {
      let isFound = false
      formFinder.find(text, (formIndex, end) => {
        isFound ||= listEndings(forms[formIndex] ?? '').some(
          (form) => knownForms.has(form) && isSecretAt(form, text, end),
        )
      })
      // A character of the secret may have ended the address. The address then ends with the secret's part before it.
      prefixFinder.find(text, (_, end) => {
        isFound ||= end === text.length
      })
      return isFound
    })
}

/**
 * Lists a form and its endings, because the finder reports only the longest form at a place. An ending may be a form
 * too. A long form needs no endings, because it counts wherever it stands.
 */
const listEndings = (form: string): string[] =>
  form.length >= MIN_UNAMBIGUOUS_CHARACTERS
    ? [form]
    : Array.from({ length: form.length - MIN_FORM_CHARACTERS + 1 }, (_, start) => form.slice(start))

/** Returns true if the form, which ends before `end` in the address, counts as a secret there. */
function isSecretAt(form: string, address: string, end: number): boolean {
  if (form.length >= MIN_UNAMBIGUOUS_CHARACTERS) return true
  const [before, after] = [address[end - form.length - 1] ?? '', address[end] ?? '']
  if (LETTER_OR_DIGIT.test(before) || LETTER_OR_DIGIT.test(after)) return false
  const isNumberOrWord = !/\p{L}/u.test(form) || !/[\d\p{P}\p{S}]/u.test(form)
  return !isNumberOrWord || before === '=' || (before === ':' && after === '@')
}

/**
 * Lists a secret's part before the first character that ends an address: `Summer2025` of `Summer2025!`. Of a long part,
 * the last characters are kept, because an address must end with them. The list is empty if the part or the
 * secret is too short.
 */
function listSecretPrefix(secret: string): string[] {
  const end = secret.search(ADDRESS_END)
  return end >= MIN_PREFIX_CHARACTERS && secret.length >= MIN_UNAMBIGUOUS_CHARACTERS
    ? [secret.slice(0, end).slice(-MAX_FORM_CHARACTERS)]
    : []
}
