type ErrorClass = abstract new (...args: never[]) => Error

/** sysexits.h: whoever started the process need not try again before somebody mends the configuration. */
const EX_CONFIG = 78
/** It may be back in a moment. */
const EX_TRY_AGAIN = 1

/** The errors that an operator mends: they are told their message, without a stack. */
export interface OperatorErrors {
  configuration: ErrorClass[]
  unavailable: ErrorClass[]
}

/** Runs `read`; ends the process with one of the operator's errors, and throws any other. */
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
