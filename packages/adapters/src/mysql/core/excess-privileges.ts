import { PARTITIONED_TABLES } from './account.ts'

const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']
const NEEDED_FOR_PARTITIONS = ['CREATE', 'ALTER', 'DROP']

/**
 * Lists what an account may do beyond changing rows of its own database, such as `ALL PRIVILEGES ON *.*`. `grants` are
 * the lines of SHOW GRANTS. Other parts of a line are not returned, because they may hold a password's hash.
 */
export function listExcessPrivileges(grants: string[], database: string): string[] {
  return grants.flatMap((line) => {
    const [, privileges, scope] = /^GRANT (.+?) ON (.+?) TO /.exec(line) ?? []
    // A line without ON grants a role: "GRANT `r`@`%` TO `u`@`%`".
    if (privileges === undefined || scope === undefined) return ['a role']
    const allowed = listAllowed(scope, database)
    // The commas of a column list do not separate privileges: `SELECT (a, b), INSERT`.
    const excess = privileges
      .split(/, (?![^(]*\))/)
      .filter((privilege) => privilege !== 'USAGE' && !allowed.includes(privilege))
    if (/ WITH .*GRANT OPTION/.test(line)) excess.push('GRANT OPTION')
    return excess.length > 0 ? [`${excess.join(', ')} ON ${scope}`] : []
  })
}

/** A name in a grant on the whole database is a pattern, in which `_` is escaped. */
function listAllowed(scope: string, database: string): string[] {
  if (scope.replaceAll('\\', '') === `\`${database}\`.*`) return NEEDED
  const isPartitioned = PARTITIONED_TABLES.some((table) => scope === `\`${database}\`.\`${table}\``)
  return isPartitioned ? [...NEEDED, ...NEEDED_FOR_PARTITIONS] : []
}
