import type { TicketHolder } from '@engineer-chat/chat/stores'
import { CLOSE, PROTOCOL_VERSION } from '@engineer-chat/protocol'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { isOriginAllowed } from '../http/origin.ts'
import { closeSocket } from './close-socket.ts'
import { Connection, type Identity } from './connection.ts'
import { createGoAwayFrame } from './go-away.ts'
import type { Hub } from './hub.ts'
import { IncomingFrames } from './incoming-frames.ts'
import { verifyToken } from './reauthenticate.ts'

interface Refusal {
  code: number
  reason: string
}

/**
 * A new socket. It is accepted before anything is known, because a browser can't see why an upgrade was refused, only
 * the code that a socket was closed with. What lives as long as the socket must not hold the request.
 */
export function accept(hub: Hub, socket: WebSocket, request: FastifyRequest, allowedOrigins: readonly string[]): void {
  const refuse = createRefuse(hub, socket)
  const frames = new IncomingFrames(socket, hub.limits, () =>
    refuse({ code: CLOSE.tooMany, reason: 'too_many_frames' }),
  )
  if (hub.closing) {
    socket.send(JSON.stringify(createGoAwayFrame(hub.limits)))
    refuse(RESTART)
    return
  }
  if (!isOriginAllowed(request, allowedOrigins)) {
    refuse({ code: CLOSE.forbidden, reason: 'origin_not_allowed' })
    return
  }
  const late = setTimeout(() => refuse(UNAVAILABLE), hub.limits.authentication_ms)
  void identify(hub, request)
    .then(async (identity) => {
      if (socket.readyState !== socket.OPEN) return
      if (identity) sendHello(hub, new Connection(hub, socket, request.raw.socket, identity), frames, refuse)
      else refuse((await hub.deps.onStranger?.(request)) ? TOO_OFTEN : UNAUTHORIZED)
    })
    .catch((error: unknown) => {
      hub.log.error('EngineerChat.connection_failed', { request_id: request.id }, error)
      refuse(UNAVAILABLE)
    })
    .finally(() => clearTimeout(late))
}

type Refuse = (refusal: Refusal) => void

function createRefuse(hub: Hub, socket: WebSocket): Refuse {
  return ({ code, reason }) => {
    if (socket.readyState !== socket.OPEN) return
    hub.metrics.refused_total += 1
    closeSocket(socket, code, reason, hub.limits.close_grace_ms)
  }
}

const UNAUTHORIZED: Refusal = { code: CLOSE.unauthenticated, reason: 'unauthorized' }
const TOO_OFTEN: Refusal = { code: CLOSE.tooMany, reason: 'too_many_attempts' }
const RESTART: Refusal = { code: CLOSE.restart, reason: 'restart' }
const UNAVAILABLE: Refusal = { code: CLOSE.restart, reason: 'unavailable' }

async function identify(hub: Hub, request: FastifyRequest): Promise<Identity | undefined> {
  const holder = await findTicketHolder(hub, request)
  if (!holder || holder.expires_at <= Date.now()) return undefined
  const { user_id, sign_in_id } = holder
  const role = (await hub.callerBy({ user_id, sign_in_id }))?.role
  return role === undefined ? undefined : { caller: { user_id, role }, holder, address: request.ip }
}

async function findTicketHolder(hub: Hub, request: FastifyRequest): Promise<TicketHolder | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^bearer +(\S+)$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : verifyToken(hub, token)
  }
  const ticket = new URL(request.url, 'ws://node').searchParams.get('ticket')
  return ticket ? hub.deps.tickets.redeem(ticket) : undefined
}

function sendHello(hub: Hub, connection: Connection, frames: IncomingFrames, refuse: Refuse): void {
  if (hub.closing || !hub.connect(connection)) {
    refuse(hub.closing ? RESTART : { code: CLOSE.tooMany, reason: 'too_many_connections' })
    return
  }
  connection.send({
    type: 'hello',
    connection_id: connection.id,
    protocol: PROTOCOL_VERSION,
    user_id: connection.caller.user_id,
    heartbeat_interval_ms: hub.limits.heartbeat_ms,
  })
  frames.start(connection)
}
