import { AI_COMMANDS, type AiCommand, readAiMention, toHalfWidth } from '@engineer-chat/protocol'
import type { Catalog } from '../i18n/en.ts'

/** Lists the commands that act in the page. They are not sent. */
export const PAGE_COMMANDS = [
  'new',
  'share',
  'stop',
  'search',
  'details',
  'evidence',
  'documents',
  'export',
  'utc',
  'local',
  'theme',
  'language',
  'help',
] as const
export type PageCommand = (typeof PAGE_COMMANDS)[number]

const COMMAND_NAMES: readonly string[] = [
  ...AI_COMMANDS.flatMap(({ name, chineseName }) => [name, chineseName]),
  ...PAGE_COMMANDS,
]
/**
 * Matches a command's word, but not the beginning of a path (`/etc/passwd`) or of a file name (`/search.log`). The
 * longest name has 10 letters, so a word with two mistakes has at most 12.
 */
const COMMAND_WORD = /^\/([\p{L}\p{N}_]{2,12})(?![\p{L}\p{N}_/.\\-])/u
/** Matches a Chinese command with text directly after it, as in `/总结昨晚的告警`. Chinese has no spaces between words. */
const COMMAND_WITHOUT_SPACE = new RegExp(
  `^/(${AI_COMMANDS.map(({ chineseName }) => chineseName).join('|')})(?=[\\p{L}\\p{N}])`,
  'u',
)
/** A name of at least this length may have two mistakes; a shorter name may have one. */
const LONG_NAME_LENGTH = 5

/** Formats a command of the AI as it is typed in the reader's language. */
export function formatCommand(t: Catalog, name: AiCommand): string {
  const command = AI_COMMANDS.find((candidate) => candidate.name === name)
  return `/${command ? t.ai_command_word(command) : name}`
}

/** Returns the page command if the whole text is one. */
export function readPageCommand(text: string): PageCommand | undefined {
  const [, name] = /^\/([a-z]+)$/i.exec(toHalfWidth(text)) ?? []
  return PAGE_COMMANDS.find((command) => command === name?.toLowerCase())
}

/**
 * Returns the command that the writer of a text probably meant. The command may be mistyped or unfinished, may have
 * other text after it, and may lack the space before that text.
 */
export function findMeantCommand(text: string): string | undefined {
  const [, nameWithoutSpace] = COMMAND_WITHOUT_SPACE.exec(toHalfWidth(text)) ?? []
  if (nameWithoutSpace !== undefined) return nameWithoutSpace
  const word = COMMAND_WORD.exec(toHalfWidth(text))?.[1]?.toLowerCase()
  if (word === undefined) return undefined
  let meantName: string | undefined
  let leastMistakes = Number.POSITIVE_INFINITY
  for (const name of COMMAND_NAMES) {
    const mistakes = name.startsWith(word) ? 0 : countMistakes(word, name)
    const maxMistakes = name.length < LONG_NAME_LENGTH ? 1 : 2
    if (mistakes > maxMistakes || mistakes >= leastMistakes) continue
    meantName = name
    leastMistakes = mistakes
  }
  return meantName
}

/**
 * Replaces the mistyped word by the command, or inserts the space that a command lacks. A page command replaces the whole
 * text, because it takes no arguments.
 */
export function correctCommand(text: string, name: string): string {
  if (PAGE_COMMANDS.some((command) => command === name)) return `/${name}`
  const mention = readAiMention(text)
  const textAfterMention = text.slice(mention.length)
  const commandWithoutSpace = COMMAND_WITHOUT_SPACE.exec(toHalfWidth(textAfterMention))?.[0]
  if (commandWithoutSpace !== undefined)
    return `${mention}/${name} ${textAfterMention.slice(commandWithoutSpace.length)}`
  const mistypedCommand = COMMAND_WORD.exec(toHalfWidth(textAfterMention))?.[0] ?? ''
  return `${mention}/${name}${textAfterMention.slice(mistypedCommand.length)}`
}

/**
 * Computes the Damerau–Levenshtein distance: how many letters to insert, remove, replace or swap with a neighbour.
 * `row[i]` is the distance between the first `wordIndex` letters of the word and the first `i` letters of the name.
 */
function countMistakes(word: string, name: string): number {
  let rowBeforePrevious: number[] = []
  let previousRow = Array.from({ length: name.length + 1 }, (_, index) => index)
  for (let wordIndex = 1; wordIndex <= word.length; wordIndex += 1) {
    const row = [wordIndex]
    for (let nameIndex = 1; nameIndex <= name.length; nameIndex += 1) {
      const isSameLetter = word[wordIndex - 1] === name[nameIndex - 1]
      const isSwapped =
        wordIndex > 1 &&
        nameIndex > 1 &&
        word[wordIndex - 1] === name[nameIndex - 2] &&
        word[wordIndex - 2] === name[nameIndex - 1]
      row[nameIndex] = Math.min(
        (previousRow[nameIndex] ?? 0) + 1,
        (row[nameIndex - 1] ?? 0) + 1,
        (previousRow[nameIndex - 1] ?? 0) + (isSameLetter ? 0 : 1),
        isSwapped ? (rowBeforePrevious[nameIndex - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rowBeforePrevious = previousRow
    previousRow = row
  }
  return previousRow[name.length] ?? 0
}
