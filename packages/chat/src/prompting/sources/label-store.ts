import type { MessageQuote } from '@engineer-chat/protocol'
import type { Audience } from '../../shared/index.ts'
import type { LabelledAnswer } from './answer-tlp.ts'

/** Holds what the TLP label of a message follows from: the sources of an answer, or the quote of a person's message. */
export interface LabelFacts extends LabelledAnswer {
  quote?: MessageQuote | undefined
}

/** Reads what the TLP labels of a room's messages follow from, without their texts. */
export interface LabelStore {
  /**
   * Lists the facts of the messages of these audiences whose position is higher than `after` and at most `upTo`.
   * Messages that have neither sources nor a quote are left out.
   */
  listFacts(event_id: string, audiences: Audience[], range: { after: number; upTo: number }): Promise<LabelFacts[]>
  /**
   * Finds all versions of these answers by their ids: the present one, and those from before each retry. An answer that
   * is gone has no entry.
   */
  findVersions(answer_ids: string[]): Promise<Map<string, LabelledAnswer[]>>
}
