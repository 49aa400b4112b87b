import { looksLikePassword } from '../../checks.ts'
import { findSecretPart, type SecretMatch, type SecretRule } from '../rule.ts'
import { BACKTICK_WITHIN, createQuotedSource, mayBeSecretArgument, NO_BARE_CHARACTER } from './arguments.ts'

/**
 * This is the source of a pattern. It matches a character of a value without quotes. A value ends before `&&`, before a
 * quote with a backslash, before a backslash at the end of a line, and before Chinese punctuation or a backtick around
 * the command.
 */
const BARE_CHARACTER = `(?:[^\\s"'|;<>&\\\\${NO_BARE_CHARACTER}]|${BACKTICK_WITHIN}|&(?!&)|\\\\(?!["']|\\n|$))`
/** The longest value without quotes that the pattern of an option reads. `REST_OF_VALUE` matches the rest of it. */
const MAX_BARE_CHARACTERS = 300
/** Matches the rest of a long value without quotes. The tokens of some registries have thousands of characters. */
const REST_OF_VALUE = new RegExp(`${BARE_CHARACTER}{0,8000}`, 'y')
/**
 * This is the source of a pattern. It matches a value without quotes, or a long one in quotes, which has no blanks: it
 * is a token.
 */
const BARE_VALUE = `(?<secret>${BARE_CHARACTER}{3,${MAX_BARE_CHARACTERS}})|["'](?<secret>${BARE_CHARACTER}{${MAX_BARE_CHARACTERS}})`
/** This is the source of a pattern. It matches the end of a tool's name, and looks at the character after it. */
const NAME_END = '(?:\\.exe|\\.py)?(?=[\\s"\'])'
/** An option counts if it begins at most this many characters after the tool's name. */
const MAX_CHARACTERS_BEFORE_OPTION = 300
/** The pattern of an option reads fewer characters than this, its value included. */
const MAX_OPTION_CHARACTERS = 1_000

/**
 * This is the source of a pattern. It matches parts of a command that end no command: what is in quotes, also if each
 * quote has the same backslashes before it, as in JSON; another character after a backslash; a quote that was opened
 * before the command; and what is in round brackets.
 */
const NO_END = `(?<escaped>\\\\{1,16}["'])[^\\n]{0,300}?(?<!\\\\)\\k<escaped>|\\\\[^\\n]|(?<=[^\\s"'=(,:])["'](?=[\\s;&|),\\]}]|$)|"(?:[^"\\\\\\n]|\\\\.){0,300}"|'[^'\\n]{0,300}'|\\([^()\\n]{0,300}\\)`
/** Matches what ends no command, or the end of a list of commands in one line: a line feed or `|`. */
const LINE_PART = new RegExp(`${NO_END}|(?<end>[\\n|])`, 'g')
/**
 * Matches what ends no command, or the end of a command: a line feed, `|`, `&&`, or `;` at the end of a word. A `;`
 * within a word ends no command, because it is a part of an argument in Windows: `a;b`. `;` and `&&` also end no
 * command before an option or a field of an LDAP name (`ou=`), because no command begins with one: logs write arguments
 * without quotes.
 */
const COMMAND_PART = new RegExp(
  `${NO_END}|(?<end>[\\n|]|(?:&&|;(?![^\\s;]))(?!\\s*(?:-|(?:dc|ou|cn|uid|o|l|c|st)=)))`,
  'g',
)

/** Returns true if the value of an option is a secret. `before` is the text between the tool's name and the option. */
export type AcceptOption = (secret: string, before: string) => boolean
/** Returns the source of a pattern for the text before a secret in its argument. It matches no `excluded` character. */
type CreatePrefix = (excluded: string) => string

/** Matches a user's name before the secret: `anna:` in `anna:secret`. */
export const createUserPrefix =
  (separator: string): CreatePrefix =>
  (excluded) =>
    `[^${separator}\\n${excluded}]{1,64}${separator}`

interface OptionSettings {
  /** Decides which values are secrets; the default is `mayBeSecretArgument`. */
  accept?: AcceptOption
  /** The secret is only a part of the argument: this text comes before it. */
  prefix?: CreatePrefix
  /**
   * If true, an option also counts after a `;` or `&&` that seems to end the command, if its value looks like a
   * password. Logs write an argument such as `(X11; Linux)` without quotes, and few other tools have such an option.
   */
  isFoundInWholeLine?: boolean
  /** Matches the names of other tools that have such an option. After one of them, the option is not this tool's. */
  otherCommand?: RegExp
}

interface OptionSearch {
  name: RegExp
  option: RegExp
  accept: AcceptOption
  isFoundInWholeLine: boolean
  otherCommand: RegExp | undefined
}

/**
 * Creates a rule for a secret in an option of these tools. `tools` holds their names, separated by blanks.
 * `optionPattern` matches what comes right before the secret's argument: an option, or a subcommand with its first
 * arguments. Upper and lower case differ in names and options, as `-p` and `-P` are two options.
 */
export function createOptionRule(
  tools: string,
  optionPattern: string,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[] = [],
  { accept = mayBeSecretArgument, prefix, isFoundInWholeLine = false, otherCommand }: OptionSettings = {},
): SecretRule {
  const names = tools.split(' ')
  const search: OptionSearch = {
    name: new RegExp(`(?<![\\w-])(?:${names.map(RegExp.escape).join('|')})${NAME_END}`, 'g'),
    option: createOptionPattern(optionPattern, prefix),
    accept,
    isFoundInWholeLine,
    otherCommand,
  }
  return {
    id: `${names[0]} ${optionPattern}`,
    kind: 'PASSWORD',
    keywords: names.map((name) => name.toLowerCase()),
    find: (text) => findOptions(text, search),
    hiddenSamples,
    keptSamples,
  }
}

/** Matches an option with its argument. The quotes are around the argument, or around both: `"/p:Winter Sun"`. */
function createOptionPattern(optionPattern: string, prefix: CreatePrefix | undefined): RegExp {
  const option = `(?:${optionPattern})`
  const quoted = createQuotedSource(prefix?.(`"'`))
  const quotedAsAWhole = `(?<=")${option}(?<!\\s)${prefix?.('"') ?? ''}(?<double>[^"\\n]{3,300})"|(?<=')${option}(?<!\\s)${prefix?.("'") ?? ''}(?<single>[^'\\n]{3,300})'`
  const afterPrefix = prefix ? `["']?${prefix(`\\s"'`)}(?:${createQuotedSource()}|${BARE_VALUE})` : BARE_VALUE
  return new RegExp(`(?<=[\\s"'])(?:${quotedAsAWhole}|${option}(?:${quoted}|${afterPrefix}))`, 'dg')
}

/** Finds the secrets of all options in all commands. A part of the text that belongs to two commands is read once. */
function findOptions(text: string, search: OptionSearch): SecretMatch[] {
  const secrets: SecretMatch[] = []
  const findCommandEnd = createEndFinder(text, COMMAND_PART)
  const findLineEnd = search.isFoundInWholeLine ? createEndFinder(text, LINE_PART) : findCommandEnd
  let readTo = 0
  for (const match of text.matchAll(search.name)) {
    const nameEnd = match.index + match[0].length
    const maxOptionStart = nameEnd + MAX_CHARACTERS_BEFORE_OPTION
    const end = Math.min(findLineEnd(nameEnd), maxOptionStart + MAX_OPTION_CHARACTERS)
    // The character before an option belongs to the pattern of the option, so the part begins one character earlier.
    const partStart = Math.max(nameEnd, readTo) - 1
    const part = { text: text.slice(partStart, end), start: partStart, nameEnd, maxOptionStart }
    for (const secret of findOptionsOfPart(text, part, findCommandEnd(nameEnd), search)) secrets.push(secret)
    readTo = Math.max(readTo, Math.min(maxOptionStart, end), secrets.at(-1)?.end ?? 0)
  }
  return secrets
}

/** Returns a function that finds the next end of a command. Its argument must not become less from call to call. */
function createEndFinder(text: string, partPattern: RegExp): (start: number) => number {
  let end = -1
  return (start) => {
    if (start <= end) return end
    partPattern.lastIndex = start
    let match = partPattern.exec(text)
    while (match && match.groups?.end === undefined) match = partPattern.exec(text)
    end = match?.index ?? text.length
    return end
  }
}

function findOptionsOfPart(
  text: string,
  part: { text: string; start: number; nameEnd: number; maxOptionStart: number },
  commandEnd: number,
  { option, accept, otherCommand }: OptionSearch,
): SecretMatch[] {
  const secrets: SecretMatch[] = []
  option.lastIndex = 0
  for (let match = option.exec(part.text); match; match = option.exec(part.text)) {
    const optionStart = part.start + match.index
    if (optionStart > part.maxOptionStart) break
    const secret = findWholeSecret(text, part.start, match)
    const value = secret ? text.slice(secret.start, secret.end) : ''
    const isFound =
      secret !== undefined &&
      accept(value, text.slice(part.nameEnd, optionStart)) &&
      (optionStart < commandEnd ||
        (looksLikePassword(value) && !otherCommand?.test(text.slice(commandEnd, optionStart))))
    if (isFound) secrets.push(secret)
    // The refused value may be the next option.
    option.lastIndex = isFound ? secret.end - part.start : match.index + 1
  }
  return secrets
}

/** Finds the secret of an option in the text, whose part with the match begins at `partStart`. */
function findWholeSecret(text: string, partStart: number, match: RegExpExecArray): SecretMatch | undefined {
  const found = findSecretPart(match)
  if (!found) return undefined
  const [start, end] = [partStart + found.start, partStart + found.end]
  if (match.groups?.secret === undefined) return { start, end }
  REST_OF_VALUE.lastIndex = end
  const value = text.slice(start, end) + (REST_OF_VALUE.exec(text)?.[0] ?? '')
  // A bracket that the value does not open closes one around the command: `$(openssl passwd secret)`.
  return { start, end: start + (value.includes('(') ? value : value.replace(/(?<!\))\)+$/, '')).length }
}
