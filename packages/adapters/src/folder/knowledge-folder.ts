import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { FolderFile, KnowledgeFolder } from '@engineer-chat/chat/documents'

interface FolderLimits {
  maxFiles: number
  /** A file is refused unread if its size shows that its text is longer than this. */
  maxBytes: number
}

/** These are the errors of a missing file, and of a link that leads back to itself. */
const MISSING_CODES = ['ENOENT', 'ELOOP']
const MARKDOWN_NAME = /\.(?:md|markdown)$/i
/** Folders that are nested deeper than this are left out. */
const MAX_DEPTH = 10
/** Front matter is not part of the text, so a file may be this much larger than the longest text. */
const FRONT_MATTER_BYTES = 8_192

export function openKnowledgeFolder(folder: string, { maxFiles, maxBytes }: FolderLimits): KnowledgeFolder {
  return {
    list: () => listFiles(folder, maxFiles),
    async read(path) {
      try {
        const file = join(folder, path)
        if ((await stat(file)).size > maxBytes + FRONT_MATTER_BYTES) return { refusal: 'too_large' }
        return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) }
      } catch (error) {
        // A TextDecoder with `fatal` throws a TypeError.
        return { refusal: error instanceof TypeError ? 'not_utf8' : 'unreadable' }
      }
    },
  }
}

interface Walk {
  folder: string
  /** Holds the folder's real path. A link that leads out of it is not followed. */
  root: string
  maxFiles: number
  files: FolderFile[]
  /** Holds the real paths of all folders that were read, so that a link to a parent folder is not followed forever. */
  visited: Set<string>
}

async function listFiles(folder: string, maxFiles: number): Promise<FolderFile[]> {
  const root = await realpath(folder)
  const walk: Walk = { folder, root, maxFiles, files: [], visited: new Set() }
  await readFolder(walk, '', 0)
  return walk.files
}

/** Follows links within the folder, because Kubernetes mounts files as links to a hidden folder beside them. */
async function readFolder(walk: Walk, path: string, depth: number): Promise<void> {
  const resolvedPath = await realpath(join(walk.folder, path))
  if (walk.visited.has(resolvedPath) || depth > MAX_DEPTH) return
  walk.visited.add(resolvedPath)
  const names = await readdir(resolvedPath)
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue
    const entryPath = path === '' ? name : `${path}/${name}`
    const stats = await findStatsWithin(walk, entryPath)
    if (stats?.isDirectory()) await readFolder(walk, entryPath, depth + 1)
    else if (stats?.isFile() && MARKDOWN_NAME.test(name)) addFile(walk, entryPath, stats)
  }
}

/** Resolves to undefined for a file that no longer exists, and for a link that leads nowhere or out of the folder. */
async function findStatsWithin({ folder, root }: Walk, path: string) {
  try {
    const resolvedPath = await realpath(join(folder, path))
    return resolvedPath.startsWith(root + sep) ? await stat(resolvedPath) : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && MISSING_CODES.includes(String(error.code))) return undefined
    throw error
  }
}

function addFile(
  { files, maxFiles }: Walk,
  path: string,
  { mtimeMs, ctimeMs, size, ino }: { mtimeMs: number; ctimeMs: number; size: number; ino: number },
) {
  if (files.length === maxFiles) throw new Error(`KNOWLEDGE_DIR holds more than ${maxFiles} Markdown files.`)
  files.push({ path, fingerprint: `${mtimeMs} ${ctimeMs} ${size} ${ino}` })
}
