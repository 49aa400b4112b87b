type ErrorClass = abstract new (...args: never[]) => Error

/** sysexits.h defines this code: a restart is useless until the configuration is corrected. */
const EX_CONFIG = 78
/** The cause is temporary, so a restart may succeed. This is the general code of a failure, not one of sysexits.h. */
const UNAVAILABLE_EXIT_CODE = 1

/** Lists the errors that an operator can correct. Only their message is printed, without a stack. */
export interface OperatorErrors {
  configuration: ErrorClass[]
  unavailable: ErrorClass[]
}

/** Creates a function that runs work. It exits the process on an operator error, and throws any other error. */
export function createExitOnError({ configuration, unavailable }: OperatorErrors) {
  const exit = (error: unknown): never => {
    const isInstanceOfAny = (classes: ErrorClass[]) => classes.some((errorClass) => error instanceof errorClass)
    const isUnavailable = isInstanceOfAny(unavailable)
    const isOperatorError = isUnavailable || isInstanceOfAny(configuration)
    if (!isOperatorError || !(error instanceof Error)) throw error
    console.error(error.message)
    return process.exit(isUnavailable ? UNAVAILABLE_EXIT_CODE : EX_CONFIG)
  }
  return async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      return exit(error)
    }
  }
}
