import { markDeceptive, refang } from '@engineer-chat/markdown'
import { type ReplyContext, repairText } from '../../shared/index.ts'
import { detectQuestionLanguage, parseCommand } from '../command.ts'
import type { PreparedPrompt } from '../prepared-prompt.ts'
import { choosePromptTemplate } from '../prompts/choose-prompt-template.ts'
import { toAnswerSource } from '../sources/answer-source.ts'
import { limitSources } from '../sources/limit-sources.ts'
import { listSources, type Source } from '../sources/list-sources.ts'
import { removeInvisible } from '../visible-characters.ts'
import { extractCitations } from './citations.ts'
import { type FilterContext, filterAnswer } from './filter-answer.ts'
import { filterReasoning } from './filter-reasoning.ts'
import { markUncitedLines } from './uncited-lines.ts'

/**
 * Creates the functions that turn a model's answer and reasoning into what is stored; both get a text whose secrets are
 * restored. A host in any source of the context counts as an indicator, but an answer can cite only the sources that
 * its prompt includes. `roundSources` stand for the earlier rounds of the prompt, and cannot be cited.
 */
export function createReviewFunctions(
  context: ReplyContext,
  { includedIds, roundSources }: { includedIds: Set<string> | 'all'; roundSources: Source[] },
  filterContext: Omit<FilterContext, 'sourcesText'>,
): Pick<PreparedPrompt, 'review' | 'reviewReasoning'> {
  const joinTexts = (sources: Source[]): string =>
    removeInvisible(refang(sources.map((source) => source.text).join('\n'))).toLowerCase()
  return {
    review(text) {
      const sources = listSources(context)
      const { text: filteredText, findings } = filterAnswer(toShownText(text), {
        ...filterContext,
        sourcesText: joinTexts(sources),
      })
      const citableSources = sources.filter(({ id }) => includedIds === 'all' || includedIds.has(id))
      const { text: citedText, citations } = extractCitations(filteredText, citableSources)
      const content = mustCiteEachLine(context)
        ? markUncitedLines(citedText, detectQuestionLanguage(context))
        : citedText
      const citedIds = new Set(citations.map(({ id }) => id))
      // The offline analyst has no prompt that includes sources, so only the sources that it cites are listed.
      const listedSources = citableSources.filter(({ id }) => includedIds !== 'all' || citedIds.has(id))
      const { sources: storedSources, leftOutCount } = limitSources([...listedSources, ...roundSources], citedIds)
      return { content, citations, sources: storedSources.map(toAnswerSource), sourcesLeftOut: leftOutCount, findings }
    },
    reviewReasoning: (text) =>
      filterReasoning(toShownText(text), { ...filterContext, sourcesText: joinTexts(listSources(context)) }),
  }
}

const mustCiteEachLine = ({ question }: ReplyContext): boolean =>
  choosePromptTemplate(parseCommand(question)?.command).citesEachLine === true

/**
 * Repairs a model's text and marks invisible characters, in code too, because a command may hide what it does. The line
 * separators U+0085, U+2028 and U+2029 stay as the model wrote them; the web page marks them where it shows them.
 */
const toShownText = (text: string): string =>
  repairText(text)
    .split(/([\u0085\u2028\u2029])/)
    .map((part, index) => (index % 2 === 0 ? markDeceptive(part) : part))
    .join('')
