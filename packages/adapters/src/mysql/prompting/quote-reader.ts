import { findQuotedPerson, toQuotedText } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import type { MessageQuote } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { queryRows, type TableRow } from '../core/index.ts'
import type { users } from '../schema/index.ts'

/** Reads the names of the quoted people, if there are any, and returns a quote as the prompt contains it. */
export async function createQuoteReader(
  pool: Pool,
  quotes: Array<MessageQuote | undefined>,
): Promise<(quote: MessageQuote | undefined) => Pick<ReplyContext, 'quote'>> {
  const ids = new Set(quotes.flatMap((quote) => (quote && findQuotedPerson(quote)) ?? []))
  const rows =
    ids.size === 0
      ? []
      : await queryRows<Pick<TableRow<typeof users>, 'user_id' | 'username'>>(
          pool,
          'SELECT user_id, username FROM users WHERE user_id IN (?)',
          [[...ids]],
        )
  const names = new Map(rows.map(({ user_id, username }) => [user_id, username]))
  return (quote) => (quote ? { quote: toQuotedText(quote, names.get(quote.user_id ?? '')) } : {})
}
