const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

/**
 * Lists what an account may do beyond changing rows of its own database, such as `ALL PRIVILEGES ON *.*`. `grants` are
 * the lines of SHOW GRANTS, of which nothing else is passed on, because they may hold a password's hash.
 */
export function listExcessPrivileges(grants: string[], database: string): string[] {
  return grants.flatMap((line) => {
    const [, privileges, scope] = /^GRANT (.+?) ON (.+?) TO /.exec(line) ?? []
    if (privileges === undefined || scope === undefined) return ['a role']
    const isOwn = scope.replaceAll('\\', '') === `\`${database}\`.*`
    const allowed = isOwn ? NEEDED : []
    const excess = privileges
      .split(/, (?![^(]*\))/)
      .filter((privilege) => privilege !== 'USAGE' && !allowed.includes(privilege))
    if (/ WITH .*GRANT OPTION/.test(line)) excess.push('GRANT OPTION')
    return excess.length > 0 ? [`${excess.join(', ')} ON ${scope}`] : []
  })
}
