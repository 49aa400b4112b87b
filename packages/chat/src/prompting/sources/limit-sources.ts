import { MAX_STORED_SOURCES } from '@engineer-chat/protocol'
import { findAnswerTlp } from './answer-tlp.ts'
import type { Source } from './list-sources.ts'

export interface LimitedSources {
  sources: Source[]
  /** Counts the sources that are left out. */
  leftOut: number
}

/**
 * Chooses the sources that are stored with an answer, so that its row fits a socket's frame: first those that the
 * answer cites, then the others in the prompt's order. A source with the strictest TLP label is always kept, because
 * the answer's own label is computed from the stored sources.
 */
export function limitSources(allSources: Source[], citedIds: ReadonlySet<string>): LimitedSources {
  const cited = allSources.filter(({ id }) => citedIds.has(id))
  const others = allSources.filter(({ id }) => !citedIds.has(id))
  const sources = [...cited, ...others].slice(0, MAX_STORED_SOURCES)
  const { tlp } = findAnswerTlp({ sources: allSources })
  const strictest = allSources.find((source) => tlp !== undefined && source.tlp === tlp)
  if (strictest && findAnswerTlp({ sources }).tlp !== tlp) {
    // It replaces the last source that is not cited. If cited ones fill the list, the list gets one more.
    if (cited.length < sources.length) sources.pop()
    sources.push(strictest)
  }
  return { sources, leftOut: allSources.length - sources.length }
}
