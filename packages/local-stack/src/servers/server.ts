export interface Server {
  name: 'mysql' | 'redis'
  /** Contains user, password and database. It stays the same after a restart. */
  url: string
  /** Gives the id of the current process. A restart changes it. */
  readonly pid: number
  /** Stops the server with SIGTERM and waits for its end. A second call waits for the end, too. */
  stop(): Promise<void>
  /** Sends SIGKILL. `restart` brings the server back on the same port with the same data. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Resolves when the current process has ended for any reason. */
  readonly exited: Promise<void>
}
