export interface Server {
  name: 'mysql' | 'redis'
  /** The URL has user, password and database. It stays valid across kill and restart while the data folder exists. */
  url: string
  /** The process that runs now has this pid; a restart changes it. */
  readonly pid: number
  /** Ends the server in order and waits until it is gone. A second call joins the first. */
  stop(): Promise<void>
  /** Sends SIGKILL. `restart` brings the server back on the same port with the same data. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Settles when the process that runs now has ended, for whatever reason. */
  readonly exited: Promise<void>
}
