import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'

/** Returns the strictest TLP label of an answer's sources, which is the answer's own label. */
export function findAnswerTlp({ sources = [] }: { sources?: Array<{ tlp?: Tlp }> | undefined }): { tlp?: Tlp } {
  const labels = new Set(sources.map(({ tlp }) => tlp))
  const tlp = TLP_LABELS.findLast((label) => labels.has(label))
  return tlp ? { tlp } : {}
}
