import { Cluster } from 'ioredis'
import type { Publisher } from '../pubsub/index.ts'

/** Redis serves no other client while a script runs, so one script appends to at most this many texts. */
const MAX_APPENDS = 200

/** -1 means that a key holds another type than a list, or that the two lists don't have the same length. */
const APPEND = `local lengths = {}
for i = 1, #KEYS, 2 do
  local length = redis.pcall('RPUSHX', KEYS[i], ARGV[i])
  local signed = redis.pcall('RPUSHX', KEYS[i + 1], ARGV[i + 1])
  lengths[(i + 1) / 2] = type(length) == 'number' and length == signed and length or -1
end
return lengths`

/** Describes a piece to append to a list, and its signature to append to another list in the same slot. */
export interface Append {
  list: string
  text: string
  signatures: string
  mac: string
  /** Gets the lists' new length, or 0 if they do not exist. Undefined means that the result is unknown. */
  done(length: number | undefined): void
}

/**
 * Appends many pieces by one command, because each command costs time. In a cluster each text has its own
 * command.
 */
export function appendTexts(publisher: Publisher, appends: Append[]): void {
  const appendsPerCommand = publisher.client instanceof Cluster ? 1 : MAX_APPENDS
  for (let index = 0; index < appends.length; index += appendsPerCommand)
    void append(publisher, appends.slice(index, index + appendsPerCommand))
}

async function append(publisher: Publisher, appends: Append[]): Promise<void> {
  const keys = appends.flatMap(({ list, signatures }) => [list, signatures])
  const values = appends.flatMap(({ text, mac }) => [text, mac])
  const lengths = await publisher.attempt((client) => client.eval(APPEND, keys.length, ...keys, ...values))
  for (const [index, { done }] of appends.entries()) done(Array.isArray(lengths) ? lengths[index] : undefined)
}
