import { MAX_STORED_SOURCES } from '@engineer-chat/protocol'
import { findAnswerTlp } from './answer-tlp.ts'
import type { Source } from './list-sources.ts'

export interface LimitedSources {
  sources: Source[]
  leftOutCount: number
}

/**
 * Chooses which sources are stored with an answer: first those that the answer cites, then the others in the prompt's
 * order. Their number is limited, so that the answer's row fits a socket's frame. At least one of them has the
 * strictest TLP label of all sources, because the answer's own label is computed from the stored ones.
 */
export function limitSources(allSources: Source[], citedIds: ReadonlySet<string>): LimitedSources {
  const cited = allSources.filter(({ id }) => citedIds.has(id))
  const others = allSources.filter(({ id }) => !citedIds.has(id))
  const sources = [...cited, ...others].slice(0, MAX_STORED_SOURCES)
  const { tlp: answerTlp } = findAnswerTlp({ sources: allSources })
  const strictestSource = allSources.find(({ tlp }) => answerTlp !== undefined && tlp === answerTlp)
  if (strictestSource && findAnswerTlp({ sources }).tlp !== answerTlp) {
    // The last source that is not cited makes room. If all of them are cited, the list becomes longer by one.
    if (cited.length < sources.length) sources.pop()
    sources.push(strictestSource)
  }
  return { sources, leftOutCount: allSources.length - sources.length }
}
