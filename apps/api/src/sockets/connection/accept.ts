import type { TicketStore } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import { CLOSE_CODES, PROTOCOL_VERSION } from '@engineer-chat/protocol'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { getClientAddress } from '../../http/client-address.ts'
import { isOriginAllowed } from '../../http/origin.ts'
import { IncomingFrames } from '../incoming/incoming-frames.ts'
import { closeSocket } from './close-socket.ts'
import { Connection, type ConnectionContext, type Identity } from './connection.ts'
import { createGoAwayFrame } from './go-away.ts'
import { findTokenSignIn } from './reauthenticate.ts'

export interface AcceptContext extends ConnectionContext {
  tickets: Pick<TicketStore<ExpiringSignIn>, 'redeem'>
  /** Counts a client without a valid token or ticket. Resolves to true if too many came from its network. */
  onUnknownCaller?(address: string): Promise<boolean>
}

interface Refusal {
  code: number
  reason: string
}

/**
 * Accepts a new socket before its user is known. A browser can read the code of a closed socket, but not why an upgrade
 * was refused. Objects that live as long as the socket must not refer to the request, because it would stay in memory.
 */
export function acceptSocket(
  ctx: AcceptContext,
  socket: WebSocket,
  request: FastifyRequest,
  allowedOrigins: readonly string[],
): void {
  const refuse = createRefuse(ctx, socket)
  const frames = new IncomingFrames(socket, ctx.limits, () => refuse(TOO_MANY_FRAMES))
  if (ctx.connections.isClosing) {
    socket.send(JSON.stringify(createGoAwayFrame(ctx.limits)))
    refuse(RESTART)
    return
  }
  if (!isOriginAllowed(request, allowedOrigins)) {
    refuse(ORIGIN_NOT_ALLOWED)
    return
  }
  const authenticationTimer = setTimeout(() => refuse(UNAVAILABLE), ctx.limits.authenticationTimeoutMs)
  void identify(ctx, request)
    .then(async (identity) => {
      if (socket.readyState !== socket.OPEN) return
      if (identity) {
        startConnection(ctx, new Connection(ctx, socket, request.raw.socket, identity), frames, refuse)
        return
      }
      const isOverLimit = await ctx.onUnknownCaller?.(getClientAddress(request))
      refuse(isOverLimit ? TOO_MANY_ATTEMPTS : UNAUTHORIZED)
    })
    .catch((error: unknown) => {
      ctx.log.error('EngineerChat.connection_failed', { request_id: request.id }, error)
      refuse(UNAVAILABLE)
    })
    .finally(() => clearTimeout(authenticationTimer))
}

type Refuse = (refusal: Refusal) => void

function createRefuse({ metrics, limits }: AcceptContext, socket: WebSocket): Refuse {
  return ({ code, reason }) => {
    if (socket.readyState !== socket.OPEN) return
    metrics.refused_total += 1
    closeSocket(socket, code, reason, limits.closeGraceMs)
  }
}

const UNAUTHORIZED: Refusal = { code: CLOSE_CODES.unauthenticated, reason: 'unauthorized' }
const ORIGIN_NOT_ALLOWED: Refusal = { code: CLOSE_CODES.forbidden, reason: 'origin_not_allowed' }
const TOO_MANY_ATTEMPTS: Refusal = { code: CLOSE_CODES.tooManyConnectionsOrFrames, reason: 'too_many_attempts' }
const TOO_MANY_CONNECTIONS: Refusal = { code: CLOSE_CODES.tooManyConnectionsOrFrames, reason: 'too_many_connections' }
const TOO_MANY_FRAMES: Refusal = { code: CLOSE_CODES.tooManyConnectionsOrFrames, reason: 'too_many_frames' }
const RESTART: Refusal = { code: CLOSE_CODES.restart, reason: 'restart' }
const UNAVAILABLE: Refusal = { code: CLOSE_CODES.restart, reason: 'unavailable' }

async function identify(ctx: AcceptContext, request: FastifyRequest): Promise<Identity | undefined> {
  const signIn = await findSignIn(ctx, request)
  if (!signIn || signIn.expires_at <= Date.now()) return undefined
  const { user_id, sign_in_id } = signIn
  const role = (await ctx.coalescedRights.findPrincipal({ user_id, sign_in_id }))?.role
  return role === undefined ? undefined : { caller: { user_id, role }, signIn, address: getClientAddress(request) }
}

/** The URL of a request has no origin, but the constructor of `URL` requires one. */
const ANY_ORIGIN = 'ws://node'

async function findSignIn(ctx: AcceptContext, request: FastifyRequest): Promise<ExpiringSignIn | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^bearer +(\S+)$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : findTokenSignIn(ctx, token)
  }
  const ticket = new URL(request.url, ANY_ORIGIN).searchParams.get('ticket')
  return ticket ? ctx.tickets.redeem(ticket) : undefined
}

const ADD_REFUSALS: Record<'closing' | 'too_many', Refusal> = { closing: RESTART, too_many: TOO_MANY_CONNECTIONS }

function startConnection(ctx: AcceptContext, connection: Connection, frames: IncomingFrames, refuse: Refuse): void {
  const result = ctx.connections.add(connection)
  if (result !== 'added') {
    refuse(ADD_REFUSALS[result])
    return
  }
  connection.send({
    type: 'hello',
    connection_id: connection.id,
    protocol: PROTOCOL_VERSION,
    user_id: connection.caller.user_id,
    heartbeat_interval_ms: ctx.limits.heartbeatMs,
  })
  frames.start(connection)
}
