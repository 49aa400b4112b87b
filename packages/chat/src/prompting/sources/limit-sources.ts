import { MAX_STORED_SOURCES } from '@engineer-chat/protocol'
import { findAnswerTlp } from './answer-tlp.ts'
import type { Source } from './list-sources.ts'

export interface LimitedSources {
  sources: Source[]
  /** Counts the sources that are left out. */
  leftOut: number
}

/**
 * Chooses the sources that are stored with an answer, so that its row fits a socket's frame: those that it cites first,
 * then the others in the prompt's order. A source with the strictest label is always kept, because the answer's own
 * label is computed from the stored sources. It replaces the last source that is not cited, or is added if cited ones
 * fill the list.
 */
export function limitSources(all: Source[], citedIds: ReadonlySet<string>): LimitedSources {
  const [cited, others] = [all.filter(({ id }) => citedIds.has(id)), all.filter(({ id }) => !citedIds.has(id))]
  const sources = [...cited, ...others].slice(0, MAX_STORED_SOURCES)
  const { tlp } = findAnswerTlp({ sources: all })
  const strictest = all.find((source) => tlp !== undefined && source.tlp === tlp)
  if (strictest && findAnswerTlp({ sources }).tlp !== tlp) {
    if (cited.length < sources.length) sources.pop()
    sources.push(strictest)
  }
  return { sources, leftOut: all.length - sources.length }
}
