import { deriveEventRights, type RightsReader, toMembershipKey } from '@engineer-chat/chat/people'
import type { Membership } from '@engineer-chat/chat/shared'
import { CLOSE } from '@engineer-chat/protocol'
import type { Hub } from './hub.ts'
import type { RoomMembership, SocketPeer } from './room/membership.ts'

/**
 * Twice a second, and at once on a hint: may everybody who is connected still be where they are? One read for all of
 * them. Its beginning is what the gate counts from.
 */
export class RightsWatch {
  readonly #hub: Hub
  readonly #timer: NodeJS.Timeout
  #checking: Promise<void> | undefined
  #again = false
  #failing = false

  constructor(hub: Hub) {
    this.#hub = hub
    this.#timer = setInterval(() => {
      closeExpired(hub)
      if (!this.#checking) void this.check()
    }, hub.limits.rights_ms)
  }

  /** A look that begins now or, if one is under way, right after it. */
  check(): Promise<void> {
    if (this.#checking !== undefined) this.#again = true
    this.#checking ??= this.#checkOn().finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #checkOn(): Promise<void> {
    do {
      this.#again = false
      const since = performance.now()
      try {
        await checkAll(this.#hub)
        this.#hub.gate.confirm(since)
        this.#failing = false
      } catch (error) {
        if (!this.#failing) this.#hub.log.error('EngineerChat.rights_unreadable', {}, error)
        this.#failing = true
      }
    } while (this.#again)
    this.#hub.retry()
  }
}

function closeExpired(hub: Hub): void {
  const now = Date.now()
  for (const peer of hub.peers()) if (peer.expires_at <= now) peer.close(CLOSE.unauthenticated, 'token_expired')
}

async function checkAll(hub: Hub): Promise<void> {
  const peers = [...hub.peers()].map((peer) => ({ peer, sign_in_id: peer.sign_in_id }))
  if (peers.length === 0) return
  const members = peers.flatMap(({ peer }) => [...peer.rooms.values()])
  const [callers, memberships] = await Promise.all([
    hub.deps.rightsReader.findPrincipals(
      peers.map(({ peer, sign_in_id }) => ({ user_id: peer.caller.user_id, sign_in_id })),
    ),
    findMemberships(hub.deps.rightsReader, members),
  ])
  for (const { peer, sign_in_id } of peers) {
    const isSame = callers.get(sign_in_id)?.role === peer.caller.role
    if (!isSame && peer.sign_in_id === sign_in_id) signOut(hub, peer)
  }
  for (const member of members) checkMembership(hub, member, memberships.get(toKey(member)))
}

const toKey = ({ peer, event_id }: RoomMembership): string => toMembershipKey(peer.caller.user_id, event_id)

async function findMemberships(reader: RightsReader, members: RoomMembership[]): Promise<Map<string, Membership>> {
  if (members.length === 0) return new Map()
  const pairs = new Map(
    members.map((member) => [toKey(member), { user_id: member.peer.caller.user_id, event_id: member.event_id }]),
  )
  return reader.findMemberships([...pairs.values()])
}

function signOut(hub: Hub, peer: SocketPeer): void {
  hub.metrics.revoked_total += 1
  peer.close(CLOSE.unauthenticated, 'signed_out')
}

function checkMembership(hub: Hub, member: RoomMembership, membership: Membership | undefined): void {
  if (member.state === 'left') return
  const rights = deriveEventRights(member.peer.caller, membership)
  if (rights.enter) member.rights = rights
  else hub.refuse(member)
}
