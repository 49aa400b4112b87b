import { setTimeout as sleep } from 'node:timers/promises'
import { deriveEventRights, toAccessKey, type UncachedRights } from '@engineer-chat/chat/people'
import type { AccessAndRole, Log } from '@engineer-chat/chat/shared'
import { createOutageReporter, type OutageReporter } from '@engineer-chat/process/outage'
import { CLOSE_CODES } from '@engineer-chat/protocol'
import type { Connections } from '../connection/connections.ts'
import { leaveRoom, refuseMember } from '../room/leave-room.ts'
import { hasLeft, type RoomMembership, type SocketPeer } from '../room/membership.ts'
import { type RecordViewContext, recordAdminView } from '../room/record-admin-view.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import type { RightsFreshness } from './rights-freshness.ts'

export interface RightsWatchContext extends RecordViewContext {
  connections: Pick<Connections, 'listAll'>
  uncachedRights: UncachedRights
  freshness: Pick<RightsFreshness, 'recordRead'>
  limits: { rightsIntervalMs: number }
  metrics: SocketMetrics
  log: Log
  /** Runs after each check, even if the rights could not be read. */
  onChecked(): void
}

/** Hints about rights are not signed. This pause limits the reads of MySQL if an attacker sends many hints. */
const MIN_PAUSE_MS = 50

/**
 * Checks the rights of all connections together, every `rightsIntervalMs` and immediately after a hint, and records
 * when each successful read began. Every `rightsIntervalMs` it also closes the connections whose access tokens have
 * expired.
 */
export class RightsWatch {
  readonly #ctx: RightsWatchContext
  readonly #timer: NodeJS.Timeout
  readonly #outage: OutageReporter
  #checking: Promise<void> | undefined
  #mustCheckAgain = false
  #lastCheckEndedAtMs = Number.NEGATIVE_INFINITY

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

  /** Starts a check now, or `MIN_PAUSE_MS` after the end of a check that is running or has just ended. */
  check(): Promise<void> {
    if (this.#checking !== undefined) this.#mustCheckAgain = true
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
      const pauseMs = this.#lastCheckEndedAtMs + MIN_PAUSE_MS - performance.now()
      if (pauseMs > 0) await sleep(pauseMs)
      this.#mustCheckAgain = false
      const startedAtMs = performance.now()
      try {
        await checkAll(this.#ctx)
        this.#ctx.freshness.recordRead(startedAtMs)
        this.#outage.markRestored()
      } catch (error) {
        this.#outage.markLost(error)
      }
      this.#lastCheckEndedAtMs = performance.now()
      this.#ctx.onChecked()
    } while (this.#mustCheckAgain)
  }
}

function closeExpired(peers: SocketPeer[]): void {
  const nowMs = Date.now()
  for (const peer of peers) if (peer.expiresAtMs <= nowMs) peer.close(CLOSE_CODES.unauthenticated, 'token_expired')
}

async function checkAll(ctx: RightsWatchContext): Promise<void> {
  const peers = ctx.connections.listAll().map((peer) => ({ peer, sign_in_id: peer.signInId }))
  if (peers.length === 0) return
  const memberships = peers.flatMap(({ peer }) => [...peer.rooms.values()])
  const [principals, accessAndRoles] = await Promise.all([
    ctx.uncachedRights.findPrincipals(
      peers.map(({ peer, sign_in_id }) => ({ user_id: peer.caller.user_id, sign_in_id })),
    ),
    findAccessAndRoles(ctx.uncachedRights, memberships),
  ])
  for (const { peer, sign_in_id } of peers) {
    const hasSameRole = principals.get(sign_in_id)?.role === peer.caller.role
    // During the read, a socket may have continued with another sign-in. The next check reads that one.
    if (!hasSameRole && peer.signInId === sign_in_id) signOut(ctx.metrics, peer)
  }
  for (const membership of memberships) updateRights(ctx, membership, accessAndRoles.get(toKey(membership)))
}

const toKey = ({ peer, eventId }: RoomMembership): string => toAccessKey(peer.caller.user_id, eventId)

/** Finds the access of each room's event, and the role in it of each socket's user. */
async function findAccessAndRoles(
  reader: UncachedRights,
  memberships: RoomMembership[],
): Promise<Map<string, AccessAndRole>> {
  if (memberships.length === 0) return new Map()
  const pairs = new Map(
    memberships.map((membership) => {
      const { peer, eventId } = membership
      return [toKey(membership), { user_id: peer.caller.user_id, event_id: eventId }]
    }),
  )
  return reader.findAccessAndRoles([...pairs.values()])
}

function signOut(metrics: SocketMetrics, peer: SocketPeer): void {
  metrics.revoked_total += 1
  peer.close(CLOSE_CODES.unauthenticated, 'signed_out')
}

function updateRights(
  ctx: RightsWatchContext,
  membership: RoomMembership,
  accessAndRole: AccessAndRole | undefined,
): void {
  const { status, peer } = membership
  if (status.state === 'left') return
  const rights = deriveEventRights(peer.caller, accessAndRole)
  if (!rights.read) {
    refuseMember(ctx.metrics, membership)
    return
  }
  if (status.state === 'checking') return // `subscribe` itself sets the rights of this membership and records the view.
  status.rights = rights
  void recordViewOrLeave(ctx, membership, accessAndRole)
}

/**
 * Records the view when the user begins to see the room only as an admin: the event became restricted, or the user lost
 * the role in it. Later checks record nothing while this lasts. If the user gets another reason to see the room and
 * loses it again, that is a new view. A change of the room may be sent while the entry is being written. That is
 * accepted, because rights may be a second old as well. If the view cannot be recorded, the admin leaves the room.
 */
async function recordViewOrLeave(
  ctx: RightsWatchContext,
  membership: RoomMembership,
  accessAndRole: AccessAndRole | undefined,
): Promise<void> {
  const { peer, eventId } = membership
  try {
    await recordAdminView(ctx, membership, accessAndRole)
  } catch (error) {
    if (hasLeft(membership)) return // The socket may have subscribed to the room again.
    leaveRoom(membership)
    ctx.log.error('EngineerChat.room_unavailable', { event_id: eventId, connection_id: peer.id }, error)
    peer.sendError('unavailable', 'The room cannot be read now. Subscribe again in a moment.', eventId)
  }
}
