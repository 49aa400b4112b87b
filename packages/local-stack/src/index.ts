export { findFreePort } from './processes/find-free-port.ts'
export { onLauncherDeath } from './processes/launcher-death.ts'
export {
  type Authority,
  type Certificate,
  canCreateCertificates,
  createAuthority,
  createCertificate,
} from './redis-sets/certificate.ts'
export { startRedisCluster } from './redis-sets/cluster.ts'
export type { RedisSet } from './redis-sets/redis-set.ts'
export { startRedisSentinel } from './redis-sets/sentinel.ts'
export { startRedisWithTls } from './redis-sets/single.ts'
export { startMysql } from './servers/mysql.ts'
export { startRedis } from './servers/redis.ts'
export type { Server } from './servers/server.ts'
export { chooseServerProgram } from './start/server-program.ts'
