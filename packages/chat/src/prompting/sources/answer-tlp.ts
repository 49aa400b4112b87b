import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import type { PastRound } from '../../shared/index.ts'

/** Holds an answer's sources with their TLP labels, from which the answer's own label follows. */
export interface LabelledAnswer {
  sources?: Array<{ tlp?: Tlp }> | undefined
}

/** Returns the strictest of these TLP labels, or undefined if all of them are undefined. */
export function findStrictestTlp(labels: Iterable<Tlp | undefined>): Tlp | undefined {
  const given = new Set(labels)
  return TLP_LABELS.findLast((label) => given.has(label)) // The last one of `TLP_LABELS` is the strictest.
}

/** Returns true if `label` is stricter than `otherLabel`. The list of labels begins with the least strict one. */
export const isStricterTlp = (label: Tlp, otherLabel: Tlp): boolean =>
  TLP_LABELS.indexOf(label) > TLP_LABELS.indexOf(otherLabel)

/**
 * Returns an object with the answer's TLP label, which is the strictest one of its sources. The object is empty if no
 * source has a TLP label.
 */
export function findAnswerTlp({ sources = [] }: LabelledAnswer): { tlp?: Tlp } {
  const tlp = findStrictestTlp(sources.map((source) => source.tlp))
  return tlp ? { tlp } : {}
}

/**
 * Returns the TLP label of an earlier round: its answer's label or its quote's label, whichever is stricter. The quote
 * counts because the answer may repeat the quoted text. Returns undefined if neither has a label.
 */
export const findRoundTlp = ({ tlp, quote }: Pick<PastRound, 'tlp' | 'quote'>): Tlp | undefined =>
  findStrictestTlp([tlp, quote?.tlp])
