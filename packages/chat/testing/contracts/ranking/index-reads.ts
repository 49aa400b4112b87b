import type { MessageQuery, RankedMessage } from '../../../src/ranking/text-index.ts'
import { TEXT_RULES } from '../../../src/ranking/text-rules.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { StoredMessage } from '../../../src/shared/room-change.ts'
import type { Stores } from '../../../src/stores.ts'
import type { Place } from '../harness.ts'

/** Reads all changes of the room into the text index, `limit` at a time. Returns the number of batches. */
export async function indexRoom(stores: Stores, event_id: string, limit = 100, rules = TEXT_RULES): Promise<number> {
  for (let batches = 1; ; batches++) {
    if (!(await stores.textIndex.deriveNextRows(event_id, limit, rules))) return batches
  }
}

/** Ranks the messages of the room, at any position unless the query names one. */
export const rank = (
  stores: Stores,
  { event_id }: Place,
  text: string,
  query: Partial<MessageQuery> = {},
): Promise<RankedMessage[]> =>
  stores.textIndex.rankMessages({
    event_id,
    text,
    beforePosition: Number.MAX_SAFE_INTEGER,
    limit: 10,
    ...query,
  })

/** Posts a person's plain message to the room. */
export async function postAsPerson(
  stores: Stores,
  { event_id, owner }: Place,
  content: string,
  { audience = 'all' } = {},
): Promise<StoredMessage> {
  const { row } = await stores.messages.post({
    message_id: createId(),
    event_id,
    user_id: owner,
    category: 'room',
    message_from: owner,
    message_type: 'chat',
    content: { content },
    round_id: null,
    audience,
  })
  return row
}
