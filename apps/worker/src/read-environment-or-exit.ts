import { EnvironmentError, readConfig, WORKER_SECTIONS, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { MissingKeys, ModelsFileError } from '@engineer-chat/adapters/llm'
import { MysqlUnreachable } from '@engineer-chat/adapters/mysql'
import { RedisOfAnotherInstallation } from '@engineer-chat/adapters/redis'
import { createExitOnError } from '@engineer-chat/process/exit'

/** Ends the process where a step shows that the configuration is wrong or MySQL is away. */
export const runOrExit = createExitOnError({
  configuration: [EnvironmentError, ModelsFileError, MissingKeys, RedisOfAnotherInstallation],
  unavailable: [MysqlUnreachable],
})

export const readEnvironmentOrExit = (env: NodeJS.ProcessEnv): Promise<WorkerConfig> =>
  runOrExit(() => readConfig(env, WORKER_SECTIONS))
