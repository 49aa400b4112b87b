/** Other programs read these options from an address, in many spellings. Here a separate variable sets each option. */
const MISPLACED = {
  /** Matches `ssl`, `useSSL`, `tls_ca_file`, `verifyServerCertificate` and `ca`, for example. */
  tls: /^(use|require)?(ssl|tls)|^(verify|trust)_?server_?cert|^reject_?unauthorized$|^(ca|cert|key)(_?file)?$/i,
  /** Matches `pool_size`, `connectionLimit` and `maxConnections`, for example. */
  pool: /^(max_?)?pool_?size$|^connection_?limit$|^max_?connections$/i,
}

/** Returns the kind of the first option that belongs into a separate variable, or undefined if there is none. */
export function findMisplacedOption(options: URLSearchParams): 'tls' | 'pool' | undefined {
  const names = [...options.keys()]
  if (names.some((name) => MISPLACED.tls.test(name))) return 'tls'
  return names.some((name) => MISPLACED.pool.test(name)) ? 'pool' : undefined
}
