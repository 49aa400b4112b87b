import { Cluster } from 'ioredis'
import type { Publisher } from '../pubsub/index.ts'

/** Redis serves nobody else while a script runs: no longer than for so many lists. */
const MAX_APPENDS = 200

/** -1: what is there is no list. */
const APPEND = `local lengths = {}
for i, list in ipairs(KEYS) do
  local length = redis.pcall('RPUSHX', list, ARGV[i])
  lengths[i] = type(length) == 'number' and length or -1
end
return lengths`

/** A piece for the end of a list. */
export interface Append {
  list: string
  text: string
  /** The list's length then, 0 for one that isn't there; undefined when nobody knows. */
  done(length: number | undefined): void
}

/** Many pieces by one command: it is the number of commands that costs. The lists of a cluster are each on their own. */
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
