export { findFreePort } from './processes/find-free-port.ts'
export { onParentExit } from './processes/parent-exit.ts'
export {
  type Authority,
  type Certificate,
  canCreateCertificates,
  createAuthority,
  createCertificate,
} from './redis-deployments/certificate.ts'
export { startRedisCluster } from './redis-deployments/cluster.ts'
export type { RedisDeployment } from './redis-deployments/redis-deployment.ts'
export { startRedisSentinel } from './redis-deployments/sentinel.ts'
export { startRedisWithTls } from './redis-deployments/single.ts'
export { startMysql } from './servers/mysql.ts'
export { startRedis } from './servers/redis.ts'
export type { Server } from './servers/server.ts'
export { chooseAppScripts } from './start/app-scripts.ts'
export { MEMORY_SETTINGS } from './start/choose-scripts.ts'
