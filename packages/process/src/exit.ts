type ErrorClass = abstract new (...args: never[]) => Error

/** sysexits.h defines this code: a restart is useless until the configuration is corrected. */
const EX_CONFIG = 78
/** The cause is temporary, so a restart may succeed. */
const EX_TRY_AGAIN = 1

/** Prints these errors, which an operator can correct, as their message without a stack. */
export interface OperatorErrors {
  configuration: ErrorClass[]
  unavailable: ErrorClass[]
}

/** Runs `read`. It ends the process on one of the operator's errors and throws any other. */
export function exitOn({ configuration, unavailable }: OperatorErrors) {
  const exit = (error: unknown): never => {
    const isOneOf = (kinds: ErrorClass[]) => kinds.some((kind) => error instanceof kind)
    const code = isOneOf(unavailable) ? EX_TRY_AGAIN : isOneOf(configuration) ? EX_CONFIG : undefined
    if (code === undefined || !(error instanceof Error)) throw error
    console.error(error.message)
    return process.exit(code)
  }
  return async <T>(read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      return exit(error)
    }
  }
}
