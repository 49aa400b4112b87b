import { type Message, readQuote, type Tlp } from '@engineer-chat/protocol'
import {
  findAnswerTlp,
  findQuotedAnswerId,
  findQuoteTlp,
  findStrictestTlp,
  type LabelFacts,
  type LabelStore,
} from '../../prompting/index.ts'
import type { Audience } from '../../shared/index.ts'

interface LabelContext {
  labels: LabelStore
}

/** One read covers at most this many positions, so that it stays short in a room of any size. */
const POSITIONS_PER_READ = 2_000

/** States which messages are exported: those of `audiences` that existed when the room's number was `lastSeq`. */
export interface ExportRange {
  event_id: string
  audiences: Audience[]
  lastSeq: number
}

/**
 * Finds the label of the file: the strictest one of `headerParts` and of all messages in the range. The pins are among
 * the header's parts: the header has them as they were read, and messages may change before their labels are read.
 */
export async function findFileTlp(
  ctx: LabelContext,
  { event_id, audiences, lastSeq }: ExportRange,
  headerParts: ReadonlyArray<{ tlp: Tlp | undefined }>,
): Promise<Tlp> {
  let strictest = findStrictestTlp(headerParts.map(({ tlp }) => tlp))
  for (let after = 0; after < lastSeq && strictest !== 'red'; after += POSITIONS_PER_READ) {
    const upTo = Math.min(after + POSITIONS_PER_READ, lastSeq)
    const facts = await ctx.labels.listFacts(event_id, audiences, { after, upTo })
    strictest = findStrictestTlp([strictest, ...(await findTlps(ctx, facts))])
  }
  return strictest ?? 'red' // The event is one of the parts, so there always is a label.
}

/** Holds a message and its own label, if it has one: that of an answer's sources, or of a quoted answer. */
export interface LabelledMessage {
  message: Message
  tlp: Tlp | undefined
}

/** Finds the own labels of these messages. */
export async function addLabels(ctx: LabelContext, messages: readonly Message[]): Promise<LabelledMessage[]> {
  const tlps = await findTlps(ctx, messages.map(toLabelFacts))
  return messages.map((message, index) => ({ message, tlp: tlps[index] }))
}

/** An agent's own field `sources` has no labels. */
const toLabelFacts = (message: Message): LabelFacts => ({
  sources: message.sender_type === 'ai' ? message.message_content.sources : undefined,
  quote: readQuote(message),
})

async function findTlps({ labels }: LabelContext, facts: LabelFacts[]): Promise<Array<Tlp | undefined>> {
  const quotedIds = new Set(facts.flatMap(({ quote }) => (quote && findQuotedAnswerId(quote)) ?? []))
  const versions = quotedIds.size === 0 ? undefined : await labels.findVersions([...quotedIds])
  return facts.map(({ sources, quote }) =>
    findStrictestTlp([findAnswerTlp({ sources }).tlp, quote && findQuoteTlp(quote, versions?.get(quote.message_id))]),
  )
}
