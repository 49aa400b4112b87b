const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

/**
 * Lists what an account may do beyond changing rows of its own database, such as `ALL PRIVILEGES ON *.*`. `grants` are
 * the lines of SHOW GRANTS, of which nothing else is passed on, because they may hold a password's hash.
 */
export function listSurplusRights(grants: string[], database: string): string[] {
  return grants.flatMap((line) => {
    const [, rights, scope] = /^GRANT (.+?) ON (.+?) TO /.exec(line) ?? []
    if (rights === undefined || scope === undefined) return ['a role']
    const isOwn = scope.replaceAll('\\', '') === `\`${database}\`.*`
    const allowed = isOwn ? NEEDED : []
    const surplus = rights.split(/, (?![^(]*\))/).filter((right) => right !== 'USAGE' && !allowed.includes(right))
    if (/ WITH .*GRANT OPTION/.test(line)) surplus.push('GRANT OPTION')
    return surplus.length > 0 ? [`${surplus.join(', ')} ON ${scope}`] : []
  })
}
