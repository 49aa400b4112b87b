import { EnvironmentError, readEnvironment, WorkerEnvironment } from '@engineer-chat/adapters/environment'
import { MissingKeys, ModelsFileError } from '@engineer-chat/adapters/llm'

export const environmentOrExit = (env: NodeJS.ProcessEnv): WorkerEnvironment => {
  try {
    return readEnvironment(env, WorkerEnvironment)
  } catch (error) {
    return exit(error)
  }
}

/** What reads more of the configuration. */
export const orExit = <T>(read: () => Promise<T>): Promise<T> => read().catch(exit)

/** A wrong configuration is the operator's to correct: they get the list, and no stack. */
function exit(error: unknown): never {
  const isTheirs = [EnvironmentError, ModelsFileError, MissingKeys].some((kind) => error instanceof kind)
  if (!isTheirs || !(error instanceof Error)) throw error
  console.error(error.message)
  process.exit(78) // EX_CONFIG: whoever started it need not try again
}
