import { markDeceptive, refang } from '@engineer-chat/markdown'
import { type ReplyContext, repairText } from '../../shared/index.ts'
import { detectQuestionLanguage, parseCommand } from '../command.ts'
import type { PreparedPrompt } from '../prepared-prompt.ts'
import { choosePromptTemplate } from '../prompts/choose-prompt-template.ts'
import { toAnswerSource } from '../sources/answer-source.ts'
import { limitSources } from '../sources/limit-sources.ts'
import { listSources, type Source } from '../sources/list-sources.ts'
import { removeInvisible } from '../visible-characters.ts'
import { reviewCitations } from './citations.ts'
import { type FilterContext, filterAnswer } from './filter-answer.ts'
import { filterReasoning } from './filter-reasoning.ts'
import { markUncitedLines } from './uncited-lines.ts'

/**
 * Creates the two functions that convert a model's answer and its reasoning to what is stored. The secrets in the texts
 * that they get are restored already. A host in any source of the context counts as an indicator, but an answer can
 * cite only the sources of `includedIds`, which its prompt includes. The offline analyst has no prompt, so all sources
 * count as included. An answer cannot cite `roundSources`: they stand for the earlier rounds in the prompt.
 */
export function createReviewFunctions(
  context: ReplyContext,
  { includedIds, roundSources }: { includedIds: Set<string> | 'all'; roundSources: Source[] },
  filterContext: Omit<FilterContext, 'sourcesText'>,
): Pick<PreparedPrompt, 'review' | 'reviewReasoning'> {
  const toSourcesText = (sources: Source[]): string =>
    removeInvisible(refang(sources.map((source) => source.text).join('\n'))).toLowerCase()
  return {
    review(text) {
      const sources = listSources(context)
      const { text: filteredText, findings } = filterAnswer(toMarkedText(text), {
        ...filterContext,
        sourcesText: toSourcesText(sources),
      })
      const citableSources = sources.filter(({ id }) => includedIds === 'all' || includedIds.has(id))
      const { text: citedText, citations } = reviewCitations(filteredText, citableSources)
      const content = mustCiteEachLine(context)
        ? markUncitedLines(citedText, citations, detectQuestionLanguage(context))
        : citedText
      const citedIds = new Set(citations.map(({ id }) => id))
      // The offline analyst has no prompt. For it, only the sources that its answer cites are listed.
      const listedSources = citableSources.filter(({ id }) => includedIds !== 'all' || citedIds.has(id))
      const { sources: storedSources, leftOutCount } = limitSources([...listedSources, ...roundSources], citedIds)
      return { content, citations, sources: storedSources.map(toAnswerSource), sourcesLeftOut: leftOutCount, findings }
    },
    reviewReasoning: (text) =>
      filterReasoning(toMarkedText(text), { ...filterContext, sourcesText: toSourcesText(listSources(context)) }),
  }
}

const mustCiteEachLine = ({ question }: ReplyContext): boolean =>
  choosePromptTemplate(parseCommand(question)?.command).citesEachLine === true

/**
 * Repairs a model's text and marks deceptive characters, such as invisible ones. It marks them in code too, because
 * they can hide what a command does. The line separators U+0085, U+2028 and U+2029 stay as the model wrote them,
 * because the web page marks them when it shows them.
 */
const toMarkedText = (text: string): string =>
  repairText(text)
    .split(/([\u0085\u2028\u2029])/)
    // The parts with an odd index are the separators.
    .map((part, index) => (index % 2 === 0 ? markDeceptive(part) : part))
    .join('')
