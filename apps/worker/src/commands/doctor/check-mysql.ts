import type { MysqlServerInfo } from '@engineer-chat/adapters/mysql'
import { checkConnections } from './check-connections.ts'
import { checkClock, type Finding, fail, isAtLeast, pass, warn } from './finding.ts'
import type { PoolSizes } from './pool-sizes.ts'

/** Limits the shown text of each grant, which may list dozens of privileges. */
const MAX_GRANT_CHARACTERS = 80

export function checkMysql(info: MysqlServerInfo, pools: PoolSizes, nowMs: number): Finding[] {
  return [
    checkVersion(info),
    ...checkDurability(info),
    checkClock('MySQL clock', info.clockMs, nowMs),
    checkConnections(info, pools),
    checkMigrations(info),
    ...checkUsers(info),
    checkAccount(info),
  ]
}

function checkVersion({ version }: MysqlServerInfo): Finding {
  const isMariadb = /mariadb/i.test(version)
  const isSupported = isMariadb ? isAtLeast(version, [10, 11]) : isAtLeast(version, [8, 4])
  if (isSupported) return pass('MySQL version', version)
  return fail('MySQL version', version, 'Use MySQL 8.4 or newer, or MariaDB 10.11 or newer.')
}

/** Checks that a commit survives a crash, because the product accepts a question when it is committed. */
function checkDurability({ settings }: MysqlServerInfo): Finding[] {
  const { innodb_flush_log_at_trx_commit: flush, sync_binlog, log_bin, read_only } = settings
  const checkName = 'MySQL durability'
  const findings: Finding[] = []
  if (flush !== '1') {
    findings.push(
      fail(
        checkName,
        `innodb_flush_log_at_trx_commit is ${flush}`,
        'SET GLOBAL innodb_flush_log_at_trx_commit = 1, and the same in my.cnf.',
      ),
    )
  }
  if (log_bin === 'ON' && sync_binlog !== '1') {
    findings.push(
      fail(checkName, `sync_binlog is ${sync_binlog}`, 'SET GLOBAL sync_binlog = 1, and the same in my.cnf.'),
    )
  }
  if (read_only === 'ON') findings.push(fail(checkName, 'the server is read-only', 'Set DATABASE_URL to the primary.'))
  return findings.length > 0 ? findings : [pass(checkName, 'a commit is on disk')]
}

function checkMigrations({ missingMigrations }: MysqlServerInfo): Finding {
  if (missingMigrations.length === 0) return pass('Migrations', 'all applied')
  return fail(
    'Migrations',
    `not applied: ${missingMigrations.join(', ')}`,
    'npm run migrate (an API node also migrates at its start).',
  )
}

/** Returns a warning and no failure, because a new installation has no users yet. */
function checkUsers({ hasUsers }: MysqlServerInfo): Finding[] {
  if (hasUsers === undefined) return []
  if (hasUsers) return [pass('Users', 'at least one exists')]
  const fix = 'npm run user -- create NAME --role=admin (in an image: node dist/user.js create NAME --role=admin).'
  return [warn('Users', 'there is no user yet', fix)]
}

/** Returns a warning and no failure, because a trial may use one account for its tables and its rows. */
function checkAccount({ excessPrivileges }: MysqlServerInfo): Finding {
  const checkName = 'MySQL account'
  if (excessPrivileges.length === 0) return pass(checkName, 'it has only the rights that a node needs')
  const shownGrants = excessPrivileges.map((grant) =>
    grant.length > MAX_GRANT_CHARACTERS ? `${grant.slice(0, MAX_GRANT_CHARACTERS)}…` : grant,
  )
  const fix = 'Revoke them, or set DATABASE_ADMIN_URL and let npm run migrate create another account.'
  return warn(checkName, `it has rights that no node needs: ${shownGrants.join('; ')}`, fix)
}
