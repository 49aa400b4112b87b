import type { Source } from '@engineer-chat/chat/prompting'
import { cutText, formatBullets, formatTime, toPlainText, toShortLine } from './markdown.ts'
import { readAuthor, readTime } from './recorded-texts.ts'
import type { ComposeSection } from './sections.ts'

const MAX_MESSAGES = 4
const MAX_DOCUMENTS = 2
const MAX_REQUESTED_DOCUMENTS = 4
/** At most this many lines of a runbook's piece are shown. */
const MAX_PIECE_LINES = 5

/** Quotes the pins and people's messages that fit the question best. */
export const composeRoomMessages: ComposeSection = ({ sources }) => {
  const fitting = sources
    .filter(({ kind, rank }) => (kind === 'pin' || kind === 'message') && rank !== undefined)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .slice(0, MAX_MESSAGES)
  if (fitting.length === 0) return undefined
  return formatBullets(fitting.map(writeMessage))
}

function writeMessage(source: Source): string {
  const author = toPlainText(readAuthor(source))
  return `**${author}**, ${formatTime(readTime(source))}: ${toPlainText(toShortLine(source.text))} [${source.id}]`
}

/** Names the pieces of runbooks and notes that fit the question best, with their first lines. */
export const composeRunbooks: ComposeSection = ({ sources }) => {
  const fitting = writeDocuments(sources, MAX_DOCUMENTS)
  return fitting.length === 0 ? undefined : fitting.join('\n\n')
}

/** Answers a question for runbooks, and says so if none fits. */
export const composeRequestedRunbooks: ComposeSection = ({ sources }, messages) => {
  const fitting = writeDocuments(sources, MAX_REQUESTED_DOCUMENTS)
  return fitting.length === 0 ? messages.missing.runbooks : fitting.join('\n\n')
}

const writeDocuments = (sources: Source[], maxCount: number): string[] =>
  sources
    .filter(({ kind }) => kind === 'document')
    .slice(0, maxCount)
    .map(writeDocument)

function writeDocument({ id, label, text }: Source): string {
  // A piece begins with its title and headings, which the label repeats.
  const [, ...linesBelowTitle] = text.split('\n').filter((line) => line.trim() !== '')
  const lines = linesBelowTitle.filter((line) => !isRepeatedHeading(line, label))
  const shownLines = lines.slice(0, MAX_PIECE_LINES).map((line) => `> ${toPlainText(toShortLine(line))}`)
  const more = lines.length > MAX_PIECE_LINES ? ['> …'] : []
  return [`**${toPlainText(cutText(label))}** [${id}]`, '', shownLines.concat(more).join('\n>\n')].join('\n')
}

const isRepeatedHeading = (line: string, label: string): boolean =>
  /^#{1,6}\s/.test(line) && label.endsWith(line.slice(line.indexOf(' ')).trim())
