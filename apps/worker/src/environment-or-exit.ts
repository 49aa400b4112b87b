import { EnvironmentError, readEnvironment, WorkerEnvironment } from '@engineer-chat/adapters/environment'

/** A wrong configuration is the operator's to correct: they get the list, and no stack. */
export function environmentOrExit(env: NodeJS.ProcessEnv): WorkerEnvironment {
  try {
    return readEnvironment(env, WorkerEnvironment)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
