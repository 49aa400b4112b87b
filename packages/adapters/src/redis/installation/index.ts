export {
  RedisOfAnotherInstallationError,
  type RedisOwnership,
  readReason,
  watchRedisOwnership,
} from './ownership.ts'
export { createSigner, type Signer } from './signer.ts'
