export { guardInstallation, type InstallationGuard, RedisOfAnotherInstallation } from './guard.ts'
export { createSigner, type Signer } from './signer.ts'
