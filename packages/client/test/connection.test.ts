import { setImmediate } from 'node:timers/promises'
import type { ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import t from 'tap'
import { openConnection } from '../src/socket/connection.ts'
import { AsyncQueue } from './async-queue.ts'
import { createHello } from './sample-data.ts'

const HEARTBEAT_MS = 40

/** Replaces the WebSocket of the client, so that a test decides when each frame is delivered. */
class FakeWebSocket {
  static readonly sentFrames = new AsyncQueue<ClientFrame>()
  static current: FakeWebSocket
  readonly OPEN = 1
  readonly readyState = 1
  onmessage: ((event: { data: string }) => void) | undefined

  constructor() {
    FakeWebSocket.current = this
  }

  send(text: string): void {
    FakeWebSocket.sentFrames.put(JSON.parse(text) as ClientFrame)
  }

  close(): void {}

  deliver(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

/** Lets no timer run for this time, as a suspended machine does. */
function suspend(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}

t.test('[CLIENT11] a pong that waited during a suspension keeps the connection, and silence ends it', async (t) => {
  const endCodes = new AsyncQueue<number>()
  const connection = openConnection({
    url: 'ws://fake/ws',
    WebSocket: FakeWebSocket as unknown as typeof WebSocket,
    helloTimeoutMs: 10_000,
    onFrame: () => {},
    onEnd: (code) => endCodes.put(code),
  })
  t.teardown(() => connection.close())
  const { current, sentFrames } = FakeWebSocket
  current.deliver(createHello(HEARTBEAT_MS))
  t.strictSame(await sentFrames.next(), { type: 'ping' })
  await setImmediate()
  suspend(2 * HEARTBEAT_MS)
  await setImmediate() // The heartbeat's timer is overdue, so it runs before this resolves.
  current.deliver({ type: 'pong' })
  t.strictSame(await sentFrames.next(), { type: 'ping' }, 'the connection is still in use')
  t.equal(endCodes.putCount, 0)
  t.equal(await endCodes.next(), 1006, 'the second ping got no answer')
})
