import { connect as connectSocket, isIP, Socket } from 'node:net'
import { describeTlsFailure } from '@engineer-chat/process/tls-failure'
import { type Connection, createConnection, createPool, type Pool } from 'mysql2/promise'
import { createDiskFullMemory, type DiskFullMemory } from './disk-full.ts'

export interface Mysql {
  /**
   * Runs SQL: `pool.execute` prepares a statement whose text is always the same. `pool.query` is for text that depends
   * on the number of values.
   */
  pool: Pool
  /** Opens a connection outside of the pool, for statements that may take any time. The caller closes it. */
  open(): Promise<Connection>
  /** Counts the pool's connections that are in use and free, and the requests that wait for one. */
  readPoolUsage(): { used: number; free: number; waiting: number }
  /** Remembers that a statement of this process found the disk full. */
  diskFull: DiskFullMemory
  close(): Promise<void>
}

/** Tells operators that `open` got no connection. The error's message names no host, user or password. */
export class MysqlUnreachableError extends Error {
  constructor(cause: Error & { code?: string }) {
    const tlsFailure = describeTlsFailure(cause)
    const hint = tlsFailure
      ? `The server is refused: ${tlsFailure}. DATABASE_TLS and DATABASE_CA_FILE say what is expected.`
      : 'Is it running, and is DATABASE_URL right?'
    super(`No connection to MySQL (${cause.code ?? 'unknown'}). ${hint}`, { cause })
    this.name = 'MysqlUnreachableError'
  }
}

interface Options {
  connectionLimit: number
  /** Every connection uses TLS and checks the certificate's host. Undefined means no TLS. */
  tls?: Tls | undefined
  /**
   * A connection of the pool without traffic for this time is closed: its server has vanished, its statement takes too
   * long, or nobody uses it.
   */
  silenceMs?: number
}

interface Tls {
  /** These certificate authorities, in PEM, are trusted instead of those that Node trusts. */
  ca: string | undefined
}

// Every statement relies on these settings, not on the server's defaults. READ COMMITTED shows a statement what was
// committed while it waited for the room's lock, and it locks no gaps, so writers of different rooms never wait for
// each other. wait_timeout makes the server release the locks of a node that is cut off.
const SESSION_SETTINGS = [
  `SET time_zone = '+00:00', innodb_lock_wait_timeout = 3, wait_timeout = 30,
    sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
]

/** Opens the database at `mysql://user:password@host:port/database`. It connects when first used. */
export function openMysql(url: string, { connectionLimit, tls, silenceMs = 15_000 }: Options): Mysql {
  // `trace` stays off: it records a stack trace for each query, and `errors.ts` drops stack traces.
  const driver = {
    uri: url,
    connectTimeout: 5_000,
    charset: 'utf8mb4_bin',
    dateStrings: true,
    timezone: 'Z',
    stream: openSocket,
    ...(tls && { ssl: { ca: tls.ca, verifyIdentity: true, minVersion: 'TLSv1.2' as const } }),
    trace: false,
  }
  // Several statements may share one round trip. This is safe, because their text is fixed and every value is escaped
  // for the sql_mode above.
  const pool = createPool({
    ...driver,
    connectionLimit,
    multipleStatements: true,
  })
  // The driver queues these statements before the first statement of the code that asked for the connection.
  pool.pool.on('connection', (connection) => {
    closeWhenSilent(connection, silenceMs)
    for (const statement of SESSION_SETTINGS) {
      connection.query(statement, (error) => {
        if (error) connection.destroy()
      })
    }
  })
  return {
    pool,
    async open() {
      const connection = await createConnection(driver).catch((error) => {
        throw new MysqlUnreachableError(error)
      })
      for (const statement of SESSION_SETTINGS) await connection.query(statement)
      return connection
    },
    readPoolUsage: () => readPoolUsage(pool),
    diskFull: createDiskFullMemory(),
    close: () => pool.end(),
  }
}

/** The driver declares no types for its own lists, and a newer version may rename them. */
function readPoolUsage({ pool }: Pool): ReturnType<Mysql['readPoolUsage']> {
  const count = (name: string): number => {
    const list: unknown = Reflect.get(pool, name)
    return hasLength(list) ? list.length : 0
  }
  const [all, free] = [count('_allConnections'), count('_freeConnections')]
  return { used: all - free, free, waiting: count('_connectionQueue') }
}

const hasLength = (list: unknown): list is { length: number } =>
  typeof list === 'object' && list !== null && 'length' in list && typeof list.length === 'number'

function openSocket({ config: { host, port } }: { config: { host: string; port: number } }): Socket {
  const socket = connectSocket(port, host)
  socket.setNoDelay(true)
  socket.setKeepAlive(true)
  // If the host is an IP address, the driver gives TLS no host, and TLS then expects a certificate for `localhost`.
  return isIP(host) ? Object.assign(socket, { _host: host }) : socket
}

/**
 * Destroys the stream of a silent connection. With TLS this is the TLS stream: if the socket below the TLS stream ended
 * first, the driver would throw an uncaught error. The driver declares no type for the stream.
 */
function closeWhenSilent(connection: object, silenceMs: number): void {
  const stream: unknown = Reflect.get(connection, 'stream')
  if (stream instanceof Socket) stream.setTimeout(silenceMs, () => stream.destroy())
}
