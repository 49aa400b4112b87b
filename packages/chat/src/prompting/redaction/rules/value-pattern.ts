import { isRandom, isUnlikeWord, looksLikePassword, mayBeSecret } from '../checks.ts'
import type { SecretName } from './names.ts'

/** Describes a way in which a value follows the name of a secret. The pattern is tried where the name ends. */
export interface ValuePattern {
  id: string
  pattern: RegExp
  accept(secret: string, name: SecretName): boolean
  /** If this is set, it must match the 60 characters before the name, or fewer where the text begins. */
  before?: RegExp
  /** Holds templates of sample texts, as in `SecretRule`. So does `keptSamples`. */
  hiddenSamples: readonly string[]
  keptSamples: readonly string[]
}

/**
 * Matches a value without quotes: `Tr0ub4dor&3` in `x=Tr0ub4dor&3&y=1`. It ends before a blank, a tag, `>`, a quote
 * that closes, Chinese punctuation, or a `;`, `&` or `,` that ends a clause or that another assignment follows.
 */
const BARE =
  '(?!\\\\?["\'`])[^\\s"\'`<>，。；、（）](?:[^\\s"\'`<>;&,\\\\，。；、（）]|\\\\(?!["\'])|[;&,](?!\\s|$|[\\w.-]{1,40}=)|["\'`](?![\\s,;)}\\]]|/?>|\\\\\\n|$)|<(?![/a-z!?])){2,500}'
/** Matches a value in any quotes: `"…"`, `"""…"""`, `'…'`, `'''…'''`, and one or two backticks on each side. */
const QUOTED =
  '"""(?<double>(?:(?!""")[^]){3,2000})"""|\'\'\'(?<single>(?:(?!\'\'\')[^]){3,2000})\'\'\'|"(?<double>(?:[^"\\\\\\n]|\\\\.){3,2000})"|\'(?<single>[^\'\\n]{3,2000})\'|``[ ]?(?<tick>[^`\\n]{3,2000}?)[ ]?``|`(?<tick>[^`\\n]{3,2000})`'
/** Matches a value with or without quotes. `findSecretPart` reads the groups. Two quotes can begin a value in CSV. */
export const VALUE = `(?:${QUOTED}|(?:""|'')?(?<secret>${BARE}))`
/** Matches the tags of HTML that may close after a name: `</b>` in `<b>Password:</b> <code>…`. */
export const CLOSING_TAGS = '(?:</\\w{1,10}>){0,2}'
/** Matches the tags of HTML that may open before a value: `<code>` in `<b>Password:</b> <code>…`. */
export const OPENING_TAGS = '(?:<(?:code|b|i|em|strong|span|kbd|tt|pre|samp)\\b[^<>]{0,80}>){0,2}'
export const SEPARATOR = '(?:=>|->|:=|→|={1,3}|::?)'

/** Creates a pattern that is only tried at its `lastIndex`. The flags must contain `y`; `d` is added. */
export const createStickyPattern = (source: string, flags = 'iyu'): RegExp => new RegExp(source, `${flags}d`)

/**
 * Returns true if a text after a separator counts as a secret. The more surely a name names a secret, the less the text
 * must look like one.
 */
export function isAssignedSecret(secret: string, name: SecretName): boolean {
  const trimmed = trimValue(secret)
  if (!mayBeSecret(trimmed) || trimmed.length < 3 || OBJECT.test(secret)) return false
  if (name.isWeak) return looksLikePassword(trimmed)
  const isNumberOrDate = /^[\d.,:%-]+$/.test(trimmed)
  if (isPasswordName(name)) return !isNumberOrDate || /^\d{4,}$/.test(trimmed)
  if (name.class === 'secret') {
    const mayBePlural = /^s/i.test(name.suffix)
    if (mayBePlural || CODE.test(secret)) return isRandom(trimmed)
    return (
      trimmed.length >= 6 &&
      !isNumberOrDate &&
      (isUnlikeWord(trimmed) || trimmed.length >= 12) &&
      !isResourceName(trimmed) &&
      !hasResourcePrefix(trimmed)
    )
  }
  // The id of a session may have a signature or other fields after it.
  if (name.class === 'session') return isRandom(trimmed.split(/[.;%]/)[0] ?? '') || isRandom(trimmed)
  // The name is of the class `key`. The value may also be the hash of a file.
  return isRandom(trimmed) && !/^(?:sha\d+|md5):/i.test(trimmed)
}

/** Matches an expression of a program: `row.token`, `createToken()`, `Type.String({`. */
const CODE =
  /^(?:await|new|async|typeof)$|^[a-zA-Z]+(?:\??\.[a-zA-Z_]+)+(?:\([\s\S]*|[,;)]*)$|^[a-z]+(?:[A-Z][a-z]+)*\(\)?[,;)]*$/
/** Matches the beginning of an object (`{"name":`), or an object or list of at most one word (`[]`, `{name}`). */
const OBJECT = /^[[{(]+["']?[\w-]*["']?(?::|[\]})]*$)/
/**
 * Returns true for a name that Kubernetes or a cloud gives to a resource: `web-tls`, `default-token-x7k2p`. It returns
 * false for at least three digits with letters between them, which look more like a secret.
 */
export const isResourceName = (value: string): boolean =>
  value.length < 40 && /^[a-z]{2,}(?:[-/.][a-z0-9]{1,12}){1,6}$/.test(value) && !/\d.*[a-z].*\d.*\d/.test(value)
/** Returns true for a resource's name with its prefix: `system:serviceaccount:kube-system:x`, `arn:aws:iam::1:role`. */
const hasResourcePrefix = (value: string): boolean => /^(?:system|arn|urn):/.test(value)
/** Removes `**`, one punctuation mark or backtick, or closing brackets with a mark after them, from a value's end. */
export const trimValue = (secret: string): string => secret.replace(/(?:\*\*|[.,;:*`]|(?<![)\]}])[)\]}]+[.,;]?)$/, '')

/** Returns true if a text looks like a secret by itself. The text between the name and the secret does not matter. */
export const isObviousSecret = (secret: string, name: SecretName): boolean =>
  isPasswordName(name) ? isUnlikeWord(secret) || looksLikePassword(secret) : isRandom(secret)
export const isPasswordName = (name: SecretName): boolean => name.class === 'password'
