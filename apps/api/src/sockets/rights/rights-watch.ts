import { setTimeout as sleep } from 'node:timers/promises'
import { deriveEventRights, type RightsReader, toMembershipKey } from '@engineer-chat/chat/people'
import type { Log, Membership } from '@engineer-chat/chat/shared'
import { createOutageReporter, type OutageReporter } from '@engineer-chat/process/outage'
import { CLOSE_CODES } from '@engineer-chat/protocol'
import type { Connections } from '../connection/connections.ts'
import { leaveRoom, refuseMember } from '../room/leave-room.ts'
import type { RoomMembership, SocketPeer } from '../room/membership.ts'
import { type RecordViewContext, recordAdminView } from '../room/record-admin-view.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import type { RightsGate } from './rights-gate.ts'

export interface RightsWatchContext extends RecordViewContext {
  connections: Pick<Connections, 'listAll'>
  rightsReader: RightsReader
  gate: Pick<RightsGate, 'confirm'>
  limits: { rightsIntervalMs: number }
  metrics: SocketMetrics
  log: Log
  /** Runs after each check. */
  onChecked(): void
}

/** Hints are not signed, so a stranger's endless stream of them must not keep MySQL busy with one read after another. */
const MIN_PAUSE_MS = 50

/**
 * Checks the rights of all connections with one read, every `rightsIntervalMs` and at once on a hint. The gate counts from
 * the moment at which a read begins.
 */
export class RightsWatch {
  readonly #ctx: RightsWatchContext
  readonly #timer: NodeJS.Timeout
  readonly #outage: OutageReporter
  #checking: Promise<void> | undefined
  #checkAgain = false
  #endedAtMs = Number.NEGATIVE_INFINITY

  constructor(ctx: RightsWatchContext) {
    this.#ctx = ctx
    this.#outage = createOutageReporter({
      onLost: (error) => ctx.log.error('EngineerChat.rights_unreadable', {}, error),
      onRestored: () => undefined,
    })
    this.#timer = setInterval(() => {
      closeExpired(ctx.connections.listAll())
      if (!this.#checking) void this.check()
    }, ctx.limits.rightsIntervalMs)
  }

  /** Starts a check now or, if one is under way or has just ended, `MIN_PAUSE_MS` after its end. */
  check(): Promise<void> {
    if (this.#checking !== undefined) this.#checkAgain = true
    this.#checking ??= this.#runChecks().finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #runChecks(): Promise<void> {
    do {
      const pauseMs = this.#endedAtMs + MIN_PAUSE_MS - performance.now()
      if (pauseMs > 0) await sleep(pauseMs)
      this.#checkAgain = false
      const startedAtMs = performance.now()
      try {
        await checkAll(this.#ctx)
        this.#ctx.gate.confirm(startedAtMs)
        this.#outage.markRestored()
      } catch (error) {
        this.#outage.markLost(error)
      }
      this.#endedAtMs = performance.now()
      this.#ctx.onChecked()
    } while (this.#checkAgain)
  }
}

function closeExpired(peers: SocketPeer[]): void {
  const nowMs = Date.now()
  for (const peer of peers) if (peer.expiresAtMs <= nowMs) peer.close(CLOSE_CODES.unauthenticated, 'token_expired')
}

async function checkAll(ctx: RightsWatchContext): Promise<void> {
  const peers = ctx.connections.listAll().map((peer) => ({ peer, sign_in_id: peer.signInId }))
  if (peers.length === 0) return
  const members = peers.flatMap(({ peer }) => [...peer.rooms.values()])
  const [principals, memberships] = await Promise.all([
    ctx.rightsReader.findPrincipals(
      peers.map(({ peer, sign_in_id }) => ({ user_id: peer.caller.user_id, sign_in_id })),
    ),
    findMemberships(ctx.rightsReader, members),
  ])
  for (const { peer, sign_in_id } of peers) {
    const isSameRole = principals.get(sign_in_id)?.role === peer.caller.role
    if (!isSameRole && peer.signInId === sign_in_id) signOut(ctx.metrics, peer)
  }
  for (const member of members) updateRights(ctx, member, memberships.get(toKey(member)))
}

const toKey = ({ peer, eventId }: RoomMembership): string => toMembershipKey(peer.caller.user_id, eventId)

async function findMemberships(reader: RightsReader, members: RoomMembership[]): Promise<Map<string, Membership>> {
  if (members.length === 0) return new Map()
  const keys = new Map(
    members.map((member) => [toKey(member), { user_id: member.peer.caller.user_id, event_id: member.eventId }]),
  )
  return reader.findMemberships([...keys.values()])
}

function signOut(metrics: SocketMetrics, peer: SocketPeer): void {
  metrics.revoked_total += 1
  peer.close(CLOSE_CODES.unauthenticated, 'signed_out')
}

function updateRights(ctx: RightsWatchContext, member: RoomMembership, membership: Membership | undefined): void {
  const { status, peer } = member
  if (status.state === 'left') return
  const rights = deriveEventRights(peer.caller, membership)
  if (!rights.enter) refuseMember(ctx.metrics, member)
  else if (status.state !== 'checking') {
    status.rights = rights
    void recordLaterView(ctx, member, membership)
  }
}

/** A member who is still checking records the view before the room is read. */
async function recordLaterView(
  ctx: RightsWatchContext,
  member: RoomMembership,
  membership: Membership | undefined,
): Promise<void> {
  const { peer, eventId } = member
  try {
    await recordAdminView(ctx, member, membership)
  } catch (error) {
    leaveRoom(member)
    ctx.log.error('EngineerChat.room_unavailable', { event_id: eventId, connection_id: peer.id }, error)
    peer.sendError('unavailable', 'The room cannot be read now. Subscribe again in a moment.', eventId)
  }
}
