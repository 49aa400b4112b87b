import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, renameSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type DatabaseServer, findTool, writeClientProgramOptions } from './dump-tool.ts'

/** This file name means standard output or standard input, for containers that may not write files. */
export const STANDARD_STREAM = '-'

/**
 * Writes a consistent dump of the database, while it is in use, to standard output or to a file. The file gets its name
 * only when it is complete.
 */
export async function dumpDatabase(server: DatabaseServer, file: string): Promise<void> {
  const tool = findTool('dump')
  const { fileArguments, database, removeFiles } = writeClientProgramOptions(tool, server)
  const dumpOptions = ['--single-transaction', '--quick', '--hex-blob', '--skip-lock-tables', '--no-tablespaces']
  // This option leaves out the installation's id and key, because a restore that breaks off before it writes new ones
  // must not look like this installation. mysqldump cannot leave out a table's rows, so its dump contains id and key.
  if (tool.isMariadb) dumpOptions.push(`--ignore-table-data=${database}.installation`)
  const dump = spawn(tool.program, [...fileArguments, ...dumpOptions, database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(dump, 'exit')
  try {
    const isStream = file === STANDARD_STREAM
    const target = isStream ? process.stdout : createWriteStream(`${file}.part`, { mode: 0o600 })
    await pipeline(dump.stdout, createGzip(), target, { end: !isStream })
    const [code] = await exit
    if (code !== 0) throw new Error(`The dump ended with ${code}.`)
    if (!isStream) renameSync(`${file}.part`, file)
  } finally {
    removeFiles()
  }
}

/** Restores a dump into an existing, empty database. */
export async function restoreDatabase(server: DatabaseServer, file: string): Promise<void> {
  const tool = findTool('client')
  const { fileArguments, database, removeFiles } = writeClientProgramOptions(tool, server)
  const client = spawn(tool.program, [...fileArguments, database], { stdio: ['pipe', 'ignore', 'inherit'] })
  const exit = once(client, 'exit')
  try {
    const source = file === STANDARD_STREAM ? process.stdin : createReadStream(file)
    await pipeline(source, createGunzip(), client.stdin)
    const [code] = await exit
    if (code !== 0) throw new Error(`The restore ended with ${code}.`)
  } finally {
    removeFiles()
  }
}
