export { whenLauncherDies } from './launched.ts'
export { startMysql } from './mysql.ts'
export { startRedis } from './redis.ts'
export type { Server } from './server.ts'
