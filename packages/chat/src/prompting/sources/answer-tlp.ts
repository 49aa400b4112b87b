import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import type { PastRound } from '../../shared/index.ts'

/** Holds the sources of an answer. Only their labels count. */
export interface LabelledAnswer {
  sources?: Array<{ tlp?: Tlp }> | undefined
}

/** Returns the strictest of these TLP labels, or undefined if there is none. */
export function findStrictestTlp(labels: Iterable<Tlp | undefined>): Tlp | undefined {
  const known = new Set(labels)
  return TLP_LABELS.findLast((label) => known.has(label))
}

/** Returns the label of an answer: the strictest TLP label of its sources. The object is empty if none has a label. */
export function findAnswerTlp({ sources = [] }: LabelledAnswer): { tlp?: Tlp } {
  const tlp = findStrictestTlp(sources.map((source) => source.tlp))
  return tlp ? { tlp } : {}
}

/**
 * Returns the stricter of two labels: that of an earlier answer, and that of the text that its question quotes, because
 * the answer may repeat this text.
 */
export const findRoundTlp = ({ tlp, quote }: Pick<PastRound, 'tlp' | 'quote'>): Tlp | undefined =>
  findStrictestTlp([tlp, quote?.tlp])
