import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import type { Stores } from '@engineer-chat/chat/stores'

const BATCH_SIZE = 500

/** Reads all messages of a room into the text index, in batches. */
export async function indexRoom(stores: Stores, event_id: string): Promise<void> {
  while (await stores.textIndex.deriveNextRows(event_id, BATCH_SIZE, TEXT_RULES));
}
