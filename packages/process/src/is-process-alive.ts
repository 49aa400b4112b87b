/** Returns true if a process has this id. After the end of a process, the system may give its id to another one. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0) // Signal 0 is not sent: it only checks.
    return true
  } catch (error) {
    // EPERM means that the process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
