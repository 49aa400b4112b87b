import type { LabelStore } from '@engineer-chat/chat/prompting'
import { type MessageQuote, readQuote } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { createSharedRoundTrips, parseJson, queryRows, runTogether } from '../core/index.ts'
import { type Labels, selectLabels, toLabelledSources } from './labelled-content.ts'
import { selectVersions } from './quote-reader.ts'

export function createLabelStore(pool: Pool): LabelStore {
  const send = createSharedRoundTrips(pool)
  return {
    async listFacts(event_id, audiences, { after, upTo }) {
      if (audiences.length === 0) return []
      const rows = await queryRows<FactsRow>(pool, SELECT_FACTS, [event_id, audiences, after, upTo])
      return rows.map(({ labels, quote }) => ({ sources: toLabelledSources(labels), quote: toQuote(quote) }))
    },
    async findVersions(answer_ids) {
      if (answer_ids.length === 0) return new Map()
      const [versions] = await runTogether(send, [selectVersions(answer_ids)])
      return versions
    },
  }
}

interface FactsRow {
  labels: Labels
  quote: MessageQuote | string | null
}

// An agent's own fields `sources` and `quote` are not read. Its rows have no `sender_type`.
const SELECT_FACTS = `SELECT IF(m.sender_type = 'ai', NULL, JSON_EXTRACT(m.message_content, '$.quote')) AS quote,
    ${selectLabels('m')}
  FROM messages m FORCE INDEX (idx_page)
  WHERE m.event_id = ? AND m.audience IN (?) AND m.position > ? AND m.position <= ?
    AND (m.sender_type = 'ai' AND LOCATE('"sources"', m.message_content) > 0
      OR m.sender_type = 'user' AND LOCATE('"quote"', m.message_content) > 0)`

function toQuote(stored: FactsRow['quote']): MessageQuote | undefined {
  const message_content = { quote: stored === null ? undefined : parseJson(stored) }
  return readQuote({ message_category: 'room', sender_type: 'user', message_content })
}
