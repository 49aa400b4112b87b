import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import { type Member, NO_PERSISTENCE, openSet, startMember } from './redis-set.ts'

/** Starts one server that speaks TLS only. It keeps nothing when it ends. */
export async function startRedisWithTls(certificate: Certificate): Promise<Server> {
  const { program, members } = await openSet(['redis'], certificate)
  return startMember(program, members[0] as Member, NO_PERSISTENCE)
}
