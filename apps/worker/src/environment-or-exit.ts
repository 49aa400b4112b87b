import { EnvironmentError, readConfig, WORKER_SECTIONS, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { MissingKeys, ModelsFileError } from '@engineer-chat/adapters/llm'
import { MysqlUnreachable } from '@engineer-chat/adapters/mysql'

export const environmentOrExit = (env: NodeJS.ProcessEnv): WorkerConfig => {
  try {
    return readConfig(env, WORKER_SECTIONS)
  } catch (error) {
    return exit(error)
  }
}

/** What reads more of the configuration, or is the first to need MySQL. */
export const orExit = <T>(read: () => Promise<T>): Promise<T> => read().catch(exit)

/** What is the operator's to correct is told in their words, without a stack. */
function exit(error: unknown): never {
  if (error instanceof MysqlUnreachable) {
    console.error(error.message)
    process.exit(1) // it may be back in a moment
  }
  const isTheirs = [EnvironmentError, ModelsFileError, MissingKeys].some((kind) => error instanceof kind)
  if (!isTheirs || !(error instanceof Error)) throw error
  console.error(error.message)
  process.exit(78) // EX_CONFIG: whoever started it need not try again
}
