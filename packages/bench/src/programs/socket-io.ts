import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/** This program runs socket.io as its guide recommends: with rooms, and with the Redis adapter for several nodes. */
const url = requireVariable('REDIS_URL')
const [adapterPublisher, adapterSubscriber, changeSubscriber] = [new Redis(url), new Redis(url), new Redis(url)]
const server = createServer()
const io = new Server(server, {
  adapter: createAdapter(adapterPublisher, adapterSubscriber),
  transports: ['websocket'],
})
io.on('connection', (socket) => void socket.join(String(socket.handshake.query.room)))

await changeSubscriber.subscribe(requireVariable('CHANNEL'))
changeSubscriber.on('message', (_channel, text: string) => {
  const { change } = JSON.parse(text)
  for (const { message } of change.rows) {
    io.to(change.event_id).emit('message', { event_id: change.event_id, seq: message.seq, message })
  }
})
listen(server)
