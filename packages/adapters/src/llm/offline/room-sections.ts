import type { Source } from '@engineer-chat/chat/prompting'
import { toPlainText, toShortLine } from './markdown.ts'
import { formatBullets, type Section } from './sections.ts'

const MAX_MESSAGES = 4
const MAX_DOCUMENTS = 2
/** A piece of a runbook is shown up to this many of its lines. */
const MAX_STEPS = 5

/** Quotes the pins and people's messages that fit the question best. */
export const said: Section = ({ sources }) => {
  const fitting = sources
    .filter(({ kind, rank }) => (kind === 'pin' || kind === 'message') && rank !== undefined)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .slice(0, MAX_MESSAGES)
  if (fitting.length === 0) return undefined
  return formatBullets(
    fitting.map(({ id, label, text }) => `**${toPlainText(label)}:** ${toPlainText(toShortLine(text))} [${id}]`),
  )
}

/** Names the pieces of runbooks and notes that fit the question best, with their first lines. */
export const runbooks: Section = ({ sources }) => {
  const fitting = sources.filter(({ kind }) => kind === 'document').slice(0, MAX_DOCUMENTS)
  return fitting.length === 0 ? undefined : fitting.map(writeDocument).join('\n\n')
}

function writeDocument({ id, label, text }: Source): string {
  // A piece begins with its title and headings, which the label repeats.
  const [, ...lines] = text.split('\n').filter((line) => line.trim() !== '')
  const steps = lines.slice(0, MAX_STEPS).map((line) => `> ${toPlainText(toShortLine(line))}`)
  const more = lines.length > MAX_STEPS ? ['> …'] : []
  return [`**${toPlainText(label)}** [${id}]`, '', steps.concat(more).join('\n>\n')].join('\n')
}
