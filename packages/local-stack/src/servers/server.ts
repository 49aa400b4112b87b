export interface Server {
  name: 'mysql' | 'redis'
  /** Contains the password and, for MySQL, also the user and the database. It stays the same after a restart. */
  url: string
  /** Gives the id of the current process. A restart changes it. */
  readonly pid: number
  /** Stops the server with SIGTERM and waits for its end. A second call waits for the end, too. */
  stop(): Promise<void>
  /** Sends SIGKILL and waits for the end. `restart` starts the server on the same port, with the data on its disk. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Resolves when the current process has ended for any reason. */
  readonly exited: Promise<void>
}
