import { isRandom, isUnlikeWord, looksLikePassword, mayBeSecret } from '../checks.ts'
import type { SecretName } from './names.ts'

/** Describes a way in which a value follows the name of a secret. The pattern is tried where the name ends. */
export interface ValuePattern {
  id: string
  pattern: RegExp
  accept(secret: string, name: SecretName): boolean
  /** Matches the text that must come before the name, at most 60 characters. */
  before?: RegExp
  /** These two hold templates of sample texts, as in `SecretRule`. */
  hiddenSamples: readonly string[]
  keptSamples: readonly string[]
}

/** Matches a value without quotes, up to a blank or another assignment: `Tr0ub4dor&3` in `x=Tr0ub4dor&3&y=1`. */
const BARE =
  '(?!\\\\?["\'`])[^\\s"\'`<>，。；、（）](?:[^\\s"\'`<>;&,\\\\，。；、（）]|\\\\(?!["\'])|[;&,](?!\\s|$|[\\w.-]{1,40}=)|["\'`](?![\\s,;)}\\]]|$)|<(?![/a-z!?])){2,500}'
/** Matches a value in quotes of one to three characters: `"…"`, `'…'`, `` `…` ``, `"""…"""`. */
const QUOTED =
  '"""(?<double>(?:(?!""")[^]){3,2000})"""|\'\'\'(?<single>(?:(?!\'\'\')[^]){3,2000})\'\'\'|"(?<double>(?:[^"\\\\\\n]|\\\\.){3,2000})"|\'(?<single>[^\'\\n]{3,2000})\'|``[ ]?(?<tick>[^`\\n]{3,2000}?)[ ]?``|`(?<tick>[^`\\n]{3,2000})`'
/** Matches a value with or without quotes. */
export const VALUE = `(?:${QUOTED}|(?:""|'')?(?<secret>${BARE}))`
/** These two match the tags of HTML that may be around a name and its value: `<b>Password:</b> <code>…`. */
export const CLOSING_TAGS = '(?:</\\w{1,10}>){0,2}'
export const OPENING_TAGS = '(?:<(?:code|b|i|em|strong|span|kbd|tt|pre|samp)\\b[^<>]{0,80}>){0,2}'
export const SEPARATOR = '(?:=>|->|:=|→|={1,3}|::?)'

export const createStickyPattern = (source: string, flags = 'iyu'): RegExp => new RegExp(source, flags)

/**
 * Returns true if a value after a separator counts as a secret. The clearer its name is, the less the value must look
 * like a secret.
 */
export function isAssignedSecret(secret: string, name: SecretName): boolean {
  const value = trimValue(secret)
  const isNumber = /^[\d.,:%-]+$/.test(value)
  if (!mayBeSecret(value) || value.length < 3 || OBJECT.test(secret)) return false
  if (name.isWeak) return looksLikePassword(value)
  const isPlural = /^s/i.test(name.suffix)
  if (name.class === 'secret' && (isPlural || CODE.test(secret))) return isRandom(value)
  const isPin = value.length >= 4 && !/[.,:%-]/.test(value)
  if (name.class === 'password') return !isNumber || isPin
  if (name.class === 'secret')
    return (
      value.length >= 6 &&
      !isNumber &&
      (isUnlikeWord(value) || value.length >= 12) &&
      !isObjectName(value) &&
      !isUrn(value)
    )
  if (name.class === 'session') return isRandom(value.split(/[.;%]/)[0] ?? '') || isRandom(value)
  return isRandom(value) && !/^(?:sha\d+|md5):/i.test(value)
}

/** Matches an expression of a program: `row.token`, `createToken()`, `Type.String({`. */
const CODE =
  /^(?:await|new|async|typeof)$|^[a-zA-Z]+(?:\??\.[a-zA-Z_]+)+(?:\([\s\S]*|[,;)]*)$|^[a-z]+(?:[A-Z][a-z]+)*\(\)?[,;)]*$/
/** Matches the beginning of an object (`{"name":`), or an object or list of at most one word (`[]`, `{name}`). */
const OBJECT = /^[[{(]+["']?[\w-]*["']?(?::|[\]})]*$)/
/** Returns true for names that Kubernetes and clouds give to objects: `web-tls`, `default-token-x7k2p`. */
export const isObjectName = (value: string): boolean =>
  value.length < 40 && /^[a-z]{2,}(?:[-/.][a-z0-9]{1,12}){1,6}$/.test(value) && !/\d.*[a-z].*\d.*\d/.test(value)
/** Returns true for longer names of such objects: `system:serviceaccount:kube-system:x`, `arn:aws:iam::1:role`. */
const isUrn = (value: string): boolean => /^(?:system|arn|urn):/.test(value)
/** Removes one punctuation mark, `**` or closing brackets from the end of a value. */
export const trimValue = (secret: string): string => secret.replace(/(?:\*\*|[.,;:*`]|(?<![)\]}])[)\]}]+[.,;]?)$/, '')

/** Returns true if a value looks like a secret by itself, whatever is between its name and it. */
export const isObviousSecret = (secret: string, name: SecretName): boolean =>
  name.class === 'password' ? isUnlikeWord(secret) || looksLikePassword(secret) : isRandom(secret)
export const isPasswordName = ({ class: nameClass }: SecretName): boolean => nameClass === 'password'
