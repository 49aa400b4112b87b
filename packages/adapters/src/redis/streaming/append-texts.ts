import { Cluster } from 'ioredis'
import type { Publisher } from '../pubsub/index.ts'

/** Redis serves no other client while a script runs, so one script appends to at most this many lists. */
const MAX_APPENDS = 200

/** -1 means that the key holds another type than a list. */
const APPEND = `local lengths = {}
for i, list in ipairs(KEYS) do
  local length = redis.pcall('RPUSHX', list, ARGV[i])
  lengths[i] = type(length) == 'number' and length or -1
end
return lengths`

/** Is a piece for the end of a list. */
export interface Append {
  list: string
  text: string
  /** Is the list's new length, or 0 if the list doesn't exist. It is undefined when the result is unknown. */
  done(length: number | undefined): void
}

/**
 * Appends many pieces by one command, because the number of commands costs. In a cluster each list has its own
 * command.
 */
export function appendTexts(publisher: Publisher, appends: Append[]): void {
  const together = publisher.client instanceof Cluster ? 1 : MAX_APPENDS
  for (let at = 0; at < appends.length; at += together) void append(publisher, appends.slice(at, at + together))
}

async function append(publisher: Publisher, appends: Append[]): Promise<void> {
  const lists = appends.map(({ list }) => list)
  const texts = appends.map(({ text }) => text)
  const lengths = await publisher.attempt((client) => client.eval(APPEND, lists.length, ...lists, ...texts))
  for (const [at, { done }] of appends.entries()) done(Array.isArray(lengths) ? lengths[at] : undefined)
}
