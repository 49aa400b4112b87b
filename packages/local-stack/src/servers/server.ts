export interface Server {
  name: 'mysql' | 'redis'
  /** It has user, password and database, and stays valid across kill and restart while the data folder exists. */
  url: string
  /** It is the pid of the process that runs now, and changes with a restart. */
  readonly pid: number
  /** Ends it in order and waits until it is gone. A second call joins the first. */
  stop(): Promise<void>
  /** Sends SIGKILL. `restart` brings the server back on the same port with the same data. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Settles when the process that runs now has ended, for whatever reason. */
  readonly exited: Promise<void>
}
