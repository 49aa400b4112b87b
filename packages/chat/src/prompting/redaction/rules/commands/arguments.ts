import { mayBeSecret } from '../../checks.ts'
import { type Accept, createMatcher, type SecretRule } from '../rule.ts'

/** The longest secret in quotes that rules for commands look for, unless they say otherwise. */
const MAX_QUOTED_CHARACTERS = 300

/**
 * Returns true for an argument that `mayBeSecret` allows, unless it looks like an option (`-x`, `/add`) or a shell
 * replaces it by the output of a command: `$(cat x)`.
 */
export const mayBeSecretArgument = (secret: string): boolean => mayBeSecret(secret) && !/^(?:[-/`]|\$\()/.test(secret)

/**
 * Creates the source of a pattern. It matches an argument of a command in quotes. `before` matches the part of the
 * argument that comes before the secret, such as the user's name. Within double quotes, a quote after a backslash does
 * not end the argument, unless nothing else would.
 */
export function createQuotedSource(before = '', maxCharacters = MAX_QUOTED_CHARACTERS): string {
  const bounds = `{3,${maxCharacters}}`
  return `"${before}(?<double>(?:[^"\\\\\\n]|\\\\.)${bounds})"|"${before}(?<double>[^"\\n]${bounds})"|'${before}(?<single>[^'\\n]${bounds})'`
}

/** Lists characters that end an argument without quotes: Chinese punctuation, and the backtick. */
export const NO_BARE_CHARACTER = '`，。；、（）'
/** This is the source of a pattern. It matches a backtick that does not end the command. */
export const BACKTICK_WITHIN = '`(?![\\s,;)}\\]]|$)'
/** This is the source of a pattern. It matches an argument of a command in quotes, or up to a blank. */
export const ARGUMENT = `(?:${createQuotedSource()}|["']?(?<secret>(?:[^\\s"'${NO_BARE_CHARACTER}]|${BACKTICK_WITHIN}){3,300}))`

/** Creates a rule that finds the secret of the pattern, as `findSecretPart` does, where `accept` returns true. */
export function createCommandRule(
  id: string,
  keywords: string | readonly string[],
  pattern: RegExp,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[] = [],
  accept: Accept = mayBeSecretArgument,
): SecretRule {
  return {
    id,
    kind: 'PASSWORD',
    keywords: typeof keywords === 'string' ? [keywords] : keywords,
    find: createMatcher(pattern, accept),
    hiddenSamples,
    keptSamples,
  }
}
