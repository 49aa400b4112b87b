import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import { DATA_SERVER_SETTINGS, prepareMembers, startMember } from './redis-set.ts'

/** Starts one server that speaks TLS only. Its data is removed when it ends. */
export async function startRedisWithTls(certificate: Certificate): Promise<Server> {
  const { program, members } = await prepareMembers(['redis'], certificate)
  const [member] = members
  if (member === undefined) throw new Error('A set has a member for each name.')
  return startMember(program, member, DATA_SERVER_SETTINGS)
}
