export interface Server {
  name: 'mysql' | 'redis'
  /** With user, password and database; good for as long as the data folder lives, and across kill and restart. */
  url: string
  /** Of the process that runs now: it changes with a restart. */
  readonly pid: number
  /** Ends it in order and waits until it is gone. A second call joins the first. */
  stop(): Promise<void>
  /** SIGKILL, now. `restart` brings it back on the same port with the same data. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Settles when the process that runs now has ended, for whatever reason. */
  readonly exited: Promise<void>
}
