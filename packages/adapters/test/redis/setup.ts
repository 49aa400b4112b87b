import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { openRedisAdapters, type RedisAdapters, type RedisConnector } from '@engineer-chat/adapters/redis'
import type { Installation, Log, RoomChange, RoomHint, StoredMessage } from '@engineer-chat/chat/shared'
import type { Test } from 'tap'
import { createSigner } from '../../src/redis/installation/index.ts'
import { openRedis } from './redis-under-test.ts'

export interface LogLine {
  level: 'info' | 'warn' | 'error'
  event: string
}

export function createRecordingLog(): Log & { lines: LogLine[]; reasons: unknown[] } {
  const lines: LogLine[] = []
  const reasons: unknown[] = []
  const createWriter =
    (level: LogLine['level']): Log['error'] =>
    (event, fields) => {
      lines.push({ level, event })
      reasons.push(fields?.reason)
    }
  return { lines, reasons, info: createWriter('info'), warn: createWriter('warn'), error: createWriter('error') }
}

export const createInstallation = (): Installation => ({
  installation_id: randomUUID(),
  hint_key: randomBytes(32).toString('hex'),
})

/** Opens processes on one Redis, under a separate namespace. `openRaw` opens a client that uses no adapter. */
export function createProcesses(
  t: Test,
  connector: RedisConnector,
  namespace = `test-${randomBytes(4).toString('hex')}`,
) {
  const log = createRecordingLog()
  const installation = createInstallation()
  const signer = createSigner(installation.hint_key, createRecordingLog())
  const start = (nodeId: string, factsTtlSeconds = 0) => {
    const redisAdapters = openRedisAdapters({ connector, namespace, installation, nodeId, log, factsTtlSeconds })
    t.teardown(() => redisAdapters.close())
    return redisAdapters
  }
  return { start, openRaw: () => openRedis(t, connector), log, namespace, installation, signer }
}

/** Collects hints as they arrive. `next` waits for a hint that matches and removes it. */
export function createInbox<T>() {
  const items: T[] = []
  let pendingChecks: Array<() => boolean> = []
  const take = (matches: (item: T) => boolean): T | undefined => {
    const index = items.findIndex(matches)
    return index < 0 ? undefined : items.splice(index, 1)[0]
  }
  return {
    items,
    push(item: T) {
      items.push(item)
      pendingChecks = pendingChecks.filter((check) => !check())
    },
    next(matches: (item: T) => boolean = () => true): Promise<T> {
      return new Promise((resolve) => {
        const check = () => {
          const found = take(matches)
          if (found !== undefined) resolve(found)
          return found !== undefined
        }
        if (!check()) pendingChecks.push(check)
      })
    },
  }
}

/**
 * Subscribes the room and waits until it is subscribed. The first `subscribe` of a node that is still connecting does
 * not wait, so this function calls it a second time.
 */
export async function watchRoom({ feed, status }: Pick<RedisAdapters, 'feed' | 'status'>, event_id: string) {
  const hints = createInbox<RoomHint>()
  feed.onHint((id, hint) => {
    if (id === event_id) hints.push(hint)
  })
  await feed.subscribe(event_id)
  await waitUntil(
    async () => status(),
    (current) => current === 'ready',
  )
  await feed.subscribe(event_id)
  return hints
}

/** Returns true if the promise resolves without waiting for I/O or a timer. */
export async function resolvesImmediately(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void promise.then(() => {
    isDone = true
  })
  await setImmediate()
  return isDone
}

/** Reads a value until it matches, and returns it. */
export async function waitUntil<T>(readValue: () => Promise<T>, matches: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await readValue()
    if (matches(value)) return value
    await setImmediate()
  }
}

export function createRow(event_id: string, seq: number, content = 'hello'): StoredMessage {
  const time = '2026-01-01T00:00:00.000Z'
  const message = {
    message_id: `m${seq}`,
    event_id,
    position: seq,
    seq,
    user_id: 'u1',
    message_from: 'u1',
    message_type: 'chat',
    message_category: 'room' as const,
    sender_type: 'user' as const,
    chat_session_id: null,
    visibility: 'room' as const,
    reply_to: null,
    round_id: null,
    event_summary_version: null,
    message_content: { content },
    created_at: time,
    updated_at: time,
  }
  return { message, audience: 'all', attempt: 0 }
}

export const createChange = (row: StoredMessage): RoomChange => {
  const { event_id, seq } = row.message
  return { event_id, first_seq: seq, seq, rows: [row] }
}
