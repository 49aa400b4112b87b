/** Returns the code of a system error, such as `ENOENT`. */
export const getErrorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
