import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { requireVariable } from './given.ts'

/** As its guide has it: rooms, and the Redis adapter that a second node would need. */
const [publisher, subscriber, redis] = [1, 2, 3].map(() => new Redis(requireVariable('REDIS_URL'))) as [
  Redis,
  Redis,
  Redis,
]
const server = createServer()
const io = new Server(server, { adapter: createAdapter(publisher, subscriber), transports: ['websocket'] })
io.on('connection', (socket) => void socket.join(String(socket.handshake.query.room)))

await redis.subscribe(requireVariable('CHANNEL'))
redis.on('message', (_channel, text: string) => {
  const { change } = JSON.parse(text)
  for (const { message } of change.rows) {
    io.to(change.event_id).emit('message', { event_id: change.event_id, seq: message.seq, message })
  }
})
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
