import { EnvironmentError, readConfig, WORKER_SECTIONS, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { MissingKeysError, ModelsFileError } from '@engineer-chat/adapters/llm'
import { AccountNotGrantedError, MigrationNotAllowedError, MysqlUnreachableError } from '@engineer-chat/adapters/mysql'
import { RedisOfAnotherInstallationError } from '@engineer-chat/adapters/redis'
import { createExitOnError } from '@engineer-chat/process/exit'

/** Ends the process where the configuration is wrong, MySQL is away, or its tables are of another version. */
export const runOrExit = createExitOnError({
  configuration: [
    EnvironmentError,
    ModelsFileError,
    MissingKeysError,
    AccountNotGrantedError,
    RedisOfAnotherInstallationError,
  ],
  unavailable: [MysqlUnreachableError, MigrationNotAllowedError],
})

export const readEnvironmentOrExit = (env: NodeJS.ProcessEnv): Promise<WorkerConfig> =>
  runOrExit(() => readConfig(env, WORKER_SECTIONS))
