import { Cluster } from 'ioredis'
import type { Publisher } from '../pubsub/index.ts'

/** Redis serves no other client while a script runs, so one script appends at most this many deltas. */
const MAX_DELTAS = 200

/**
 * Returns the new length of each list of deltas: 0 if the list does not exist, and -1 if a key is not a list or the
 * list of signatures has another length.
 */
const APPEND = `local lengths = {}
for i = 1, #KEYS, 2 do
  local length = redis.pcall('RPUSHX', KEYS[i], ARGV[i])
  local signed = redis.pcall('RPUSHX', KEYS[i + 1], ARGV[i + 1])
  lengths[(i + 1) / 2] = type(length) == 'number' and length == signed and length or -1
end
return lengths`

/** Describes a delta to append to a list, and its signature to append to another list in the same slot of a cluster. */
export interface DeltaToAppend {
  listKey: string
  text: string
  signaturesKey: string
  mac: string
  /** Is called with the new length of the lists: 0 if there are none, -1 if they are damaged, undefined if unknown. */
  done(length: number | undefined): void
}

/**
 * Appends many deltas by one command, because each command costs time. In a cluster, the lists of different replies are
 * in different slots, so each delta needs a command of its own.
 */
export function appendDeltas(publisher: Publisher, deltas: DeltaToAppend[]): void {
  const deltasPerCommand = publisher.client instanceof Cluster ? 1 : MAX_DELTAS
  for (let index = 0; index < deltas.length; index += deltasPerCommand)
    void append(publisher, deltas.slice(index, index + deltasPerCommand))
}

async function append(publisher: Publisher, deltas: DeltaToAppend[]): Promise<void> {
  const keys = deltas.flatMap(({ listKey, signaturesKey }) => [listKey, signaturesKey])
  const values = deltas.flatMap(({ text, mac }) => [text, mac])
  const lengths = await publisher.attempt((client) => client.eval(APPEND, keys.length, ...keys, ...values))
  for (const [index, { done }] of deltas.entries()) done(Array.isArray(lengths) ? lengths[index] : undefined)
}
