export {
  RedisOfAnotherInstallationError,
  type RedisOwnership,
  watchRedisOwnership,
} from './ownership.ts'
export { createSigner, type Signer } from './signer.ts'
