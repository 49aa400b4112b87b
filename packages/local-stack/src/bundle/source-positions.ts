import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Creates a function that replaces the bundle's positions in a stack trace by those of its sources. It reads the maps
 * when the first error is logged; Node's `--enable-source-maps` would keep 25 to 60 MiB of them in each process.
 */
export function createPositionMapper(folder: string): (text: string) => string {
  const folderUrl = `${pathToFileURL(folder).href}/`
  const maps = new Map<string, SourceMap | undefined>()
  const getMap = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(join(folder, `${file}.map`)))
    return maps.get(file)
  }
  const toSource = (position: string, file: string, line: string, column: string): string => {
    const origin = getMap(file)?.findOrigin(Number(line), Number(column))
    if (origin === undefined || !('fileName' in origin)) return position
    return `${new URL(origin.fileName, folderUrl).href}:${origin.lineNumber}:${origin.columnNumber}`
  }
  // A position is, for example, `file:///folder/api.js:12:34`.
  const positions = new RegExp(`${RegExp.escape(folderUrl)}([\\w.-]+\\.js):(\\d+):(\\d+)`, 'g')
  return (text) => (text.includes(folderUrl) ? text.replaceAll(positions, toSource) : text)
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
