import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Replaces positions in a bundle, as stack traces have them, by those in its sources. Node could do it in each process
 * (`--enable-source-maps`), but keeps 25 to 60 MiB of maps there; here they are read once an error is logged.
 */
export function createPositionMapper(folder: string): (text: string) => string {
  const base = `${pathToFileURL(folder).href}/`
  const maps = new Map<string, SourceMap | undefined>()
  const getMap = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(join(folder, `${file}.map`)))
    return maps.get(file)
  }
  const toSource = (position: string, file: string, line: string, column: string): string => {
    const origin = getMap(file)?.findOrigin(Number(line), Number(column))
    if (origin === undefined || !('fileName' in origin)) return position
    return `${new URL(origin.fileName, base).href}:${origin.lineNumber}:${origin.columnNumber}`
  }
  const POSITION = new RegExp(`${RegExp.escape(base)}([\\w.-]+\\.js):(\\d+):(\\d+)`, 'g')
  return (text) => (text.includes(base) ? text.replaceAll(POSITION, toSource) : text)
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
