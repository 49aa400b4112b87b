import {
  findQuotedAnswerId,
  findQuotedPersonId,
  type LabelledAnswer,
  toQuotedText,
} from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import type { MessageQuote } from '@engineer-chat/protocol'
import { createRead, runTogether, type SendStatements, type Statement, type TableRow } from '../core/index.ts'
import type { messages, users } from '../schema/index.ts'
import { type Labels, selectLabels, toLabelledSources } from './labelled-content.ts'

/**
 * Reads the names of the quoted people and the labels of the quoted answers, in one round trip. Without quotes, it
 * makes no round trip. Returns a function that describes a quote as the prompt contains it.
 */
export async function createQuoteReader(
  send: SendStatements,
  quotes: Array<MessageQuote | undefined>,
): Promise<(quote: MessageQuote | undefined) => Pick<ReplyContext, 'quote'>> {
  const listIds = (findId: (quote: MessageQuote) => string | undefined): string[] => [
    ...new Set(quotes.flatMap((quote) => (quote && findId(quote)) ?? [])),
  ]
  const [names, versions] = await runTogether(send, [
    ifAny(listIds(findQuotedPersonId), selectNames),
    ifAny(listIds(findQuotedAnswerId), selectVersions),
  ])
  return (quote) => {
    if (!quote) return {}
    const facts = { username: names?.get(quote.user_id ?? ''), versions: versions?.get(quote.message_id) }
    return { quote: toQuotedText(quote, facts) }
  }
}

const ifAny = <R>(ids: string[], select: (ids: string[]) => Statement<R>): Statement<R> | undefined =>
  ids.length === 0 ? undefined : select(ids)

const selectNames = (user_ids: string[]): Statement<Map<string, string>> =>
  createRead<Pick<TableRow<typeof users>, 'user_id' | 'username'>, Map<string, string>>(
    'SELECT user_id, username FROM users WHERE user_id IN (?)',
    [user_ids],
    (rows) => new Map(rows.map(({ user_id, username }) => [user_id, username])),
  )

type VersionRow = Pick<TableRow<typeof messages>, 'message_id'> & { labels: Labels }

/** Selects the labels of each answer as it is now and as it was before it was asked for again. */
export const selectVersions = (message_ids: string[]): Statement<Map<string, LabelledAnswer[]>> =>
  createRead<VersionRow, Map<string, LabelledAnswer[]>>(
    `SELECT m.message_id, ${selectLabels('m')} FROM messages m WHERE m.message_id IN (?)
     UNION ALL SELECT v.message_id, ${selectLabels('v')} FROM reply_versions v WHERE v.message_id IN (?)`,
    [message_ids, message_ids],
    (rows) =>
      Map.groupBy(
        rows.map(({ message_id, labels }) => ({ message_id, sources: toLabelledSources(labels) })),
        ({ message_id }) => message_id,
      ),
  )
