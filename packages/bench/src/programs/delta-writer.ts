import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createRedisConnector, createSigner, openRedisAdapters } from '@engineer-chat/adapters/redis'
import type { TextDelta } from '@engineer-chat/chat/shared'
import { Redis } from 'ioredis'
import { migrateAndReadInstallation } from '../processes/migrate-and-read-installation.ts'
import { readMachineClockMs } from '../socket-clients/requests.ts'
import type { WriteRequest } from '../streaming/write-request.ts'
import { requireVariable } from './variables.ts'

/** Publishes the next piece of one reply. */
type PublishPiece = (text: string) => void

const REDIS_URL = requireVariable('REDIS_URL')
const log = createLog({ level: 'silent', service: 'bench' })
const installation = await migrateAndReadInstallation(requireVariable('DATABASE_URL'))
const signer = createSigner(installation.hint_key, log)
const redisAdapters = openRedisAdapters({
  connector: createRedisConnector(parseRedisAddress(REDIS_URL)),
  namespace: 'ec',
  installation,
  nodeId: 'writer',
  log,
})
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true })

/** The replies are divided into groups. All replies of a group get their next piece at the same time. */
const GROUPS = 10
/** At this interval, the writer publishes all pieces that are due. */
const TIMER_MS = 2
/** The process needs this time to send the last pieces. */
const FLUSH_MS = 500

function createPublisher(
  { mode, attempt }: WriteRequest,
  { message_id, event_id }: WriteRequest['replies'][number],
): PublishPiece {
  if (mode === 'coalesced') {
    const replyStream = redisAdapters.replyStreams.open({ message_id, attempt }, event_id)
    return (text) => replyStream.append(text)
  }
  let index = 0
  return (text) => {
    const delta: TextDelta = { message_id, attempt, event_id, index, text }
    index += 1
    const channel = `ec:room:${event_id}`
    void redis.publish(channel, signer.sign(channel, JSON.stringify({ type: 'deltas', deltas: [delta] })))
  }
}

function writePieces(request: WriteRequest): void {
  const publishers = request.replies.map((reply) => createPublisher(request, reply))
  // `piecesPerSecond` is the rate of each reply. All groups get a piece within the time between two pieces of a reply.
  const piecesPerReply = Math.round((request.piecesPerSecond * request.durationMs) / 1_000)
  const stepMs = 1_000 / request.piecesPerSecond / GROUPS
  const steps = piecesPerReply * GROUPS
  const startedAtMs = performance.now()
  let step = 0
  const timer = setInterval(() => {
    for (; startedAtMs + step * stepMs <= performance.now() && step < steps; step++) {
      // One time stamp serves the whole group, because a real worker does not have the work of creating stamps.
      const piece = `~${readMachineClockMs().toFixed(3)}~ word `
      for (let index = step % GROUPS; index < publishers.length; index += GROUPS) publishers[index]?.(piece)
    }
    if (step < steps) return
    clearInterval(timer)
    setTimeout(() => process.send?.({ pieces: piecesPerReply * publishers.length }), FLUSH_MS)
  }, TIMER_MS)
}

process.on('message', writePieces)
process.on('disconnect', () => process.exit(0))
console.log('ready writer')
