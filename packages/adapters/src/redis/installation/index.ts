export { guardInstallation, type InstallationGuard, RedisOfAnotherInstallation } from './guard.ts'
export { createSigner, type Opened, type Signer } from './signer.ts'
