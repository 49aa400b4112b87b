import { AI_COMMANDS, readAiMention, toHalfWidth } from '@engineer-chat/protocol'

/** These commands act in the page and are sent to nobody. */
export const PAGE_COMMANDS = [
  'new',
  'share',
  'stop',
  'search',
  'details',
  'evidence',
  'export',
  'utc',
  'local',
  'theme',
  'language',
  'help',
] as const
export type PageCommand = (typeof PAGE_COMMANDS)[number]

const NAMES: readonly string[] = [
  ...AI_COMMANDS.flatMap(({ name, chineseName }) => [name, chineseName]),
  ...PAGE_COMMANDS,
]
/** A path (`/etc/passwd`) and a file name (`/search.log`) have no command's word at their beginning. */
const WORD = /^\/([\p{L}\p{N}_]{2,12})(?![\p{L}\p{N}_/.\\-])/u
const LONG_NAME = 5

/** Reads a page command, which is the whole text. */
export function readPageCommand(text: string): PageCommand | undefined {
  const [, name] = /^\/([a-z]+)$/i.exec(toHalfWidth(text)) ?? []
  return PAGE_COMMANDS.find((command) => command === name?.toLowerCase())
}

/** Names the command that a text which is none was probably meant to be: mistyped, unfinished, or with words behind it. */
export function findMeantCommand(text: string): string | undefined {
  const word = WORD.exec(toHalfWidth(text))?.[1]?.toLowerCase()
  if (word === undefined) return undefined
  let meant: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const name of NAMES) {
    const mistakes = name.startsWith(word) ? 0 : countMistakes(word, name)
    if (mistakes > (name.length < LONG_NAME ? 1 : 2) || mistakes >= least) continue
    meant = name
    least = mistakes
  }
  return meant
}

/** Puts the command in the place of the word that was typed. A page command takes no words behind it. */
export function correctCommand(text: string, name: string): string {
  if (PAGE_COMMANDS.some((command) => command === name)) return `/${name}`
  const mention = readAiMention(text)
  const rest = text.slice(mention.length)
  return `${mention}/${name}${rest.slice(WORD.exec(toHalfWidth(rest))?.[0].length ?? 0)}`
}

/** Counts the letters to insert, to remove, to replace or to swap with their neighbours. */
function countMistakes(word: string, name: string): number {
  let twoBefore: number[] = []
  let before = Array.from({ length: name.length + 1 }, (_, index) => index)
  for (let at = 1; at <= word.length; at += 1) {
    const row = [at]
    for (let to = 1; to <= name.length; to += 1) {
      const isSame = word[at - 1] === name[to - 1]
      const isSwapped = at > 1 && to > 1 && word[at - 1] === name[to - 2] && word[at - 2] === name[to - 1]
      row[to] = Math.min(
        (before[to] ?? 0) + 1,
        (row[to - 1] ?? 0) + 1,
        (before[to - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (twoBefore[to - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    twoBefore = before
    before = row
  }
  return before[name.length] ?? 0
}
