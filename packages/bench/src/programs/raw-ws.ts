import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'
import { encodeServerFrame } from '../socket-clients/frames.ts'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/**
 * This program does only the necessary work: it encodes a frame once and writes it to each socket. It checks no rights,
 * keeps no order, and clients cannot resume.
 */
const rooms = new Map<string, Set<Socket>>()
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket, request) => {
  const name = new URL(request.url ?? '/', 'http://x').searchParams.get('room') ?? ''
  const room = rooms.get(name) ?? new Set()
  rooms.set(name, room.add(request.socket))
  socket.on('close', () => room.delete(request.socket))
  socket.send('hello')
})

const redis = new Redis(requireVariable('REDIS_URL'))
await redis.subscribe(requireVariable('CHANNEL'))
redis.on('message', (_channel, text: string) => {
  const { change } = JSON.parse(text)
  for (const { message } of change.rows) {
    const frame = encodeServerFrame({ type: 'message', event_id: change.event_id, seq: message.seq, message })
    for (const socket of rooms.get(change.event_id) ?? []) socket.write(frame)
  }
})
listen(server)
