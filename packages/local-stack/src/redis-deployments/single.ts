import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import { DATA_SERVER_SETTINGS, prepareInstances, startInstance } from './redis-deployment.ts'

/** Starts one server that speaks TLS only. Its data is removed by `stop`, or when this process ends. */
export async function startRedisWithTls(certificate: Certificate): Promise<Server> {
  const { program, instances } = await prepareInstances(['redis'], certificate)
  const [instance] = instances
  if (instance === undefined) throw new Error('No instance was prepared.')
  return startInstance(program, instance, DATA_SERVER_SETTINGS)
}
