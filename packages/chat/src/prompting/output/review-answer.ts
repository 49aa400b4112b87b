import { markDeceptive, refang } from '@engineer-chat/markdown'
import { type ReplyContext, repairText } from '../../shared/index.ts'
import { detectContextLanguage, parseCommand } from '../command.ts'
import type { PreparedPrompt } from '../prepared-prompt.ts'
import { choosePrompt } from '../prompts/choose-prompt.ts'
import { toAnswerSource } from '../sources/answer-source.ts'
import { limitSources } from '../sources/limit-sources.ts'
import { listSources, type Source } from '../sources/list-sources.ts'
import { removeInvisible } from '../visible-characters.ts'
import { extractCitations } from './citations.ts'
import { filterAnswer } from './filter-answer.ts'
import { filterReasoning } from './filter-reasoning.ts'
import { markUncitedLines } from './uncited-lines.ts'

/**
 * Creates the functions that turn an answer and a model's reasoning into what is stored. Every host of the event's
 * texts counts as an indicator, but an answer can cite only the sources of its prompt.
 */
export function createReviews(
  context: ReplyContext,
  includedIds: Set<string> | 'all',
  known: { fenceToken: string; secrets: string[] },
): Pick<PreparedPrompt, 'review' | 'reviewReasoning'> {
  const joinEventTexts = (sources: Source[]): string =>
    removeInvisible(refang(sources.map((source) => source.text).join('\n'))).toLowerCase()
  return {
    review(text) {
      const sources = listSources(context)
      const { text: safe, findings } = filterAnswer(toShownText(text), {
        ...known,
        eventTexts: joinEventTexts(sources),
      })
      const citable = sources.filter(({ id }) => includedIds === 'all' || includedIds.has(id))
      const { text: cited, citations } = extractCitations(safe, citable)
      const content = citesEachLine(context) ? markUncitedLines(cited, detectContextLanguage(context)) : cited
      const citedIds = new Set(citations.map(({ id }) => id))
      const relevant = citable.filter(({ id }) => includedIds !== 'all' || citedIds.has(id))
      const { sources: stored, leftOut } = limitSources(relevant, citedIds)
      return { content, citations, sources: stored.map(toAnswerSource), sourcesLeftOut: leftOut, findings }
    },
    reviewReasoning: (text) =>
      filterReasoning(toShownText(text), { ...known, eventTexts: joinEventTexts(listSources(context)) }),
  }
}

const citesEachLine = ({ question }: ReplyContext): boolean =>
  choosePrompt(parseCommand(question)?.command).citesEachLine === true

/**
 * Repairs a model's text and marks invisible characters, in code too, because a command may hide what it does. The line
 * separators U+0085, U+2028 and U+2029 stay as the model wrote them; the page marks them where it shows them.
 */
const toShownText = (text: string): string =>
  repairText(text)
    .split(/([\u0085\u2028\u2029])/)
    .map((part, index) => (index % 2 === 0 ? markDeceptive(part) : part))
    .join('')
