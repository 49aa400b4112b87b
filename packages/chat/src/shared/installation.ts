/** Names a database with all processes that use it. Only MySQL and these processes know the key. */
export interface Installation {
  installation_id: string
  /** Signs what the processes send each other over Redis, as 64 hexadecimal digits. */
  hint_key: string
}
