/** Other clients read these options from an address, in many spellings. Here a separate variable sets each option. */
const MISPLACED = {
  tls: /^(use|require)?(ssl|tls)|^(verify|trust)_?server_?cert|^reject_?unauthorized$|^(ca|cert|key)(_?file)?$/i,
  pool: /^(max_?)?pool_?size$|^connection_?limit$|^max_?connections$/i,
}

/** Returns the kind of an option that an address may not have, if a separate variable sets it. */
export function findMisplacedOption(options: URLSearchParams): 'tls' | 'pool' | undefined {
  const names = [...options.keys()]
  if (names.some((name) => MISPLACED.tls.test(name))) return 'tls'
  return names.some((name) => MISPLACED.pool.test(name)) ? 'pool' : undefined
}
