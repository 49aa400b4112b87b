/** Names a database with all processes that use it. Only MySQL and these processes know the key. */
export interface Installation {
  installation_id: string
  /** Holds 64 hexadecimal digits: the key that signs what the processes send each other over Redis. */
  hint_key: string
}
