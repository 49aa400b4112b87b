export {
  guardInstallation,
  type InstallationGuard,
  RedisOfAnotherInstallationError,
} from './guard.ts'
export { createSigner, type Signer } from './signer.ts'
