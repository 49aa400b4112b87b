import type { Citation } from '@engineer-chat/protocol'

export interface CitationLabel {
  /** Names a kind of source, such as `summary`, or a message's author. */
  kind: string
  round?: number
  /** Holds the time in ISO 8601. */
  at?: string
}

/** Reads a stored label, such as `summary, round 2, 2026-…Z`. The label of a message is its author's name and time. */
export function readCitationLabel({ label, message_id }: Citation): CitationLabel {
  const [, labelWithoutTime = label, at] = /^(.*), (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(label) ?? []
  // The label of a message has no round, but its author's name may end like one.
  const roundMatch = message_id === undefined ? /^(.*), round (\d+)$/.exec(labelWithoutTime) : null
  const [, kind = labelWithoutTime, round] = roundMatch ?? []
  return { kind, ...(round !== undefined && { round: Number(round) }), ...(at !== undefined && { at }) }
}
