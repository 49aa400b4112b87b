import { EnvironmentError, readConfig, WORKER_SECTIONS, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { MissingKeysError, ModelsFileError } from '@engineer-chat/adapters/llm'
import {
  AccountNotGrantedError,
  MigrationBlockedError,
  MigrationNotAllowedError,
  MysqlUnreachableError,
  TableInUseError,
} from '@engineer-chat/adapters/mysql'
import { RedisOfAnotherInstallationError } from '@engineer-chat/adapters/redis'
import { PartitionsNotAllowedError } from '@engineer-chat/chat/operations'
import { createExitOnError } from '@engineer-chat/process/exit'

/** Ends the process if the configuration is wrong, MySQL does not answer, or its tables have another version. */
export const runOrExit = createExitOnError({
  configuration: [
    EnvironmentError,
    ModelsFileError,
    MissingKeysError,
    AccountNotGrantedError,
    RedisOfAnotherInstallationError,
    PartitionsNotAllowedError,
  ],
  unavailable: [MysqlUnreachableError, MigrationNotAllowedError, MigrationBlockedError, TableInUseError],
})

export const readEnvironmentOrExit = (env: NodeJS.ProcessEnv): Promise<WorkerConfig> =>
  runOrExit(() => readConfig(env, WORKER_SECTIONS))
