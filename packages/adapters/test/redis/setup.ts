import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { openRedisHints, type RedisServers } from '@engineer-chat/adapters/redis'
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
  const at =
    (level: LogLine['level']): Log['error'] =>
    (event, fields) => {
      lines.push({ level, event })
      reasons.push(fields?.reason)
    }
  return { lines, reasons, info: at('info'), warn: at('warn'), error: at('error') }
}

export const createInstallation = (): Installation => ({
  installation_id: randomUUID(),
  hint_key: randomBytes(32).toString('hex'),
})

/** Opens any number of processes on one Redis, under a namespace of their own. */
export function createProcesses(t: Test, servers: RedisServers, namespace = `test-${randomBytes(4).toString('hex')}`) {
  const log = createRecordingLog()
  const installation = createInstallation()
  const signer = createSigner(installation.hint_key, createRecordingLog())
  const start = (nodeId: string, factsTtlSeconds = 0) => {
    const hints = openRedisHints({ servers, namespace, installation, nodeId, log, factsTtlSeconds })
    t.teardown(() => hints.close())
    return hints
  }
  return { start, raw: () => openRedis(t, servers), log, namespace, installation, signer }
}

/** Collects hints as they arrive. `next` waits for one that matches and takes it. */
export function createInbox<T>() {
  const items: T[] = []
  let waiting: Array<() => boolean> = []
  const take = (fits: (item: T) => boolean): T | undefined => {
    const index = items.findIndex(fits)
    return index < 0 ? undefined : items.splice(index, 1)[0]
  }
  return {
    items,
    push(item: T) {
      items.push(item)
      waiting = waiting.filter((check) => !check())
    },
    next(fits: (item: T) => boolean = () => true): Promise<T> {
      return new Promise((resolve) => {
        const check = () => {
          const found = take(fits)
          if (found !== undefined) resolve(found)
          return found !== undefined
        }
        if (!check()) waiting.push(check)
      })
    },
  }
}

type Hints = ReturnType<typeof openRedisHints>

/** Resolves once the room is subscribed. The first `watch` of a node that is still connecting doesn't wait for that. */
export async function watchRoom({ feed, status }: Pick<Hints, 'feed' | 'status'>, event_id: string) {
  const hints = createInbox<RoomHint>()
  feed.onHint((id, hint) => {
    if (id === event_id) hints.push(hint)
  })
  await feed.subscribe(event_id)
  await waitUntil(
    async () => status(),
    (now) => now === 'ready',
  )
  await feed.subscribe(event_id)
  return hints
}

/** Tells whether the promise settles without waiting for input or time. */
export async function resolvesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void promise.then(() => {
    isDone = true
  })
  await setImmediate()
  return isDone
}

/** Checks until the condition holds. */
export async function waitUntil<T>(ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask()
    if (fits(value)) return value
    await setImmediate()
  }
}

export function createRow(event_id: string, seq: number, content = 'hello'): StoredMessage {
  const at = '2026-01-01T00:00:00.000Z'
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
    created_at: at,
    updated_at: at,
  }
  return { message, audience: 'all', attempt: 0 }
}

export const createChange = (row: StoredMessage): RoomChange => {
  const { event_id, seq } = row.message
  return { event_id, first_seq: seq, seq, rows: [row] }
}
