/**
 * Other programs take these options from the query of a URL, in many spellings. This product has an environment
 * variable for each of them, so in a URL they are misplaced.
 */
const MISPLACED = {
  /** Matches `ssl`, `useSSL`, `tls_ca_file`, `verifyServerCertificate` and `ca`, for example. */
  tls: /^(use|require)?(ssl|tls)|^(verify|trust)_?server_?cert|^reject_?unauthorized$|^(ca|cert|key)(_?file)?$/i,
  /** Matches `pool_size`, `connectionLimit` and `maxConnections`, for example. */
  pool: /^(max_?)?pool_?size$|^connection_?limit$|^max_?connections$/i,
}

/** Returns `tls` if an option is about TLS, else `pool` if one is about the pool, and undefined if there is neither. */
export function findMisplacedOption(options: URLSearchParams): 'tls' | 'pool' | undefined {
  const names = [...options.keys()]
  if (names.some((name) => MISPLACED.tls.test(name))) return 'tls'
  return names.some((name) => MISPLACED.pool.test(name)) ? 'pool' : undefined
}
