import type { ReplyRef, TextDelta } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import type { Publisher } from '../pubsub/index.ts'
import type { DeltaToAppend } from './append-deltas.ts'
import { toDeltaKey } from './reply-text.ts'

/** The list of a reply's deltas expires after this time. A reply that takes longer writes the whole list again. */
const UNFINISHED_TTL_S = 600
/** After the reply's end, its text stays for nodes that have not read the final row yet. */
const ENDED_TTL_S = 60

/** Lets the hash of attempts expire soon only if it holds no later attempt, because readers find the attempts in it. */
const EXPIRE_IF_LAST = `for _, attempt in ipairs(redis.call('HKEYS', KEYS[1])) do
  if tonumber(attempt) > tonumber(ARGV[1]) then return 0 end
end
return redis.call('EXPIRE', KEYS[1], ARGV[2])`

export interface ReplyTextWriter {
  readonly event_id: string
  append(text: string): void
  /**
   * Returns the text that was added since the last delta, or undefined if there is none. `isLast` means that no text
   * follows.
   */
  takeDelta(isLast: boolean): TakenDelta | undefined
  /** Lets the text in Redis expire after a short time. */
  expireSoon(): void
}

export interface TakenDelta {
  delta: TextDelta
  /** Undefined means that there is nothing to append, because the whole list is being written with this delta in it. */
  deltaToAppend: DeltaToAppend | undefined
}

interface WriterDeps {
  publisher: Publisher
  keys: Keys
  signer: Signer
}

/** Divides one attempt's text into deltas, and writes them to Redis. */
export function createReplyTextWriter(deps: WriterDeps, ref: ReplyRef, event_id: string): ReplyTextWriter {
  const deltas = createDeltaList(deps, ref)
  let buffered = ''
  return {
    event_id,
    append(text) {
      buffered += text
    },
    takeDelta(isLast) {
      // The second half of a surrogate pair may come with the next text.
      const keptSurrogate = !isLast && endsInLoneSurrogate(buffered) ? buffered.slice(-1) : ''
      const text = buffered.slice(0, buffered.length - keptSurrogate.length)
      buffered = keptSurrogate
      if (text === '') return undefined
      const { index, deltaToAppend } = deltas.add(text)
      return { delta: { ...ref, event_id, index, text }, deltaToAppend }
    },
    expireSoon: deltas.expireSoon,
  }
}

/**
 * Writes one attempt's deltas to a list whose length is the next index. A list that Redis lost, or that may lack a
 * delta, is written again completely: a reader finds all of it or nothing.
 */
function createDeltaList({ publisher, keys, signer }: WriterDeps, ref: ReplyRef) {
  const listKey = keys.deltas(ref.message_id, ref.attempt)
  const signaturesKey = keys.deltaSignatures(ref.message_id, ref.attempt)
  const deltaTexts: string[] = []
  const macs: string[] = []
  let isListComplete = false

  const writeWholeList = async () => {
    isListComplete = true
    const count = deltaTexts.length
    const length = await publisher.attempt((client) => {
      const attempts = keys.replyAttempts(ref.message_id)
      void Promise.all([
        client.hset(attempts, ref.attempt, 1), // Readers use only the names of the fields.
        client.expire(attempts, UNFINISHED_TTL_S),
        client.del(listKey, signaturesKey),
        client.rpush(signaturesKey, ...macs),
      ]).catch(ignoreError)
      const written = client.rpush(listKey, ...deltaTexts)
      void Promise.all([
        client.expire(listKey, UNFINISHED_TTL_S),
        client.expire(signaturesKey, UNFINISHED_TTL_S),
      ]).catch(ignoreError)
      return written
    })
    if (length !== count) isListComplete = false // The next delta writes the list again.
  }
  const checkLength = (expectedLength: number, length: number | undefined) => {
    if (length === undefined) isListComplete = false
    else if (length !== expectedLength) void writeWholeList()
  }

  return {
    add(text: string): { index: number; deltaToAppend: DeltaToAppend | undefined } {
      const count = deltaTexts.push(text)
      const index = count - 1
      const mac = signer.computeMac(toDeltaKey(listKey, index), text)
      macs.push(mac)
      const done = (length: number | undefined) => checkLength(count, length)
      if (isListComplete) return { index, deltaToAppend: { listKey, text, signaturesKey, mac, done } }
      void writeWholeList()
      return { index, deltaToAppend: undefined }
    },
    expireSoon() {
      if (deltaTexts.length === 0) return
      void publisher.attempt((client) =>
        Promise.all([
          client.expire(listKey, ENDED_TTL_S),
          client.expire(signaturesKey, ENDED_TTL_S),
          client.eval(EXPIRE_IF_LAST, 1, keys.replyAttempts(ref.message_id), ref.attempt, ENDED_TTL_S),
        ]),
      )
    },
  }
}

const ignoreError = () => undefined

function endsInLoneSurrogate(text: string): boolean {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xd800 && unit <= 0xdbff
}
