import { ChatError, type Log } from '../shared/index.ts'
import type { DocumentStore } from './document-store.ts'
import type { DocumentLimits } from './document-text.ts'
import { toFileDocument } from './file-document.ts'

export interface FolderFile {
  /** Holds the path within the folder, with slashes. */
  path: string
  /** Is different after each change of the file. */
  fingerprint: string
}

type FileContent = { text: string } | { refusal: 'too_large' | 'not_utf8' | 'unreadable' }

/** Reads the folder of runbooks. */
export interface KnowledgeFolder {
  /**
   * Lists the Markdown files. Rejects if any part of the folder cannot be read, because the document of a file that is
   * not listed is removed.
   */
  list(): Promise<FolderFile[]>
  /** Resolves to the text of a file, or to the reason why it is refused. */
  read(path: string): Promise<FileContent>
}

interface SyncContext {
  documents: DocumentStore
  folder: KnowledgeFolder
  documentLimits: DocumentLimits
  log: Log
}

/**
 * Returns a function that updates the stored documents to match the folder. Its first call reads all files. Later calls
 * read only changed files, and files that were unreadable. If a file cannot be stored, its document keeps the earlier
 * text. While another process reads the folder, a call does nothing, and the next call tries again.
 */
export function createFolderSync(ctx: SyncContext): () => Promise<void> {
  /** Maps the path of each file that the last call listed to its fingerprint. Unreadable files are left out. */
  let knownFingerprints = new Map<string, string>()
  let unreadablePaths = new Set<string>()
  return async () => {
    const files = await ctx.folder.list()
    const changed = files.filter(({ path, fingerprint }) => knownFingerprints.get(path) !== fingerprint)
    if (changed.length === 0 && files.length === knownFingerprints.size) return
    const nowUnreadable = new Set<string>()
    const hasRun = await ctx.documents.runAlone('folder', async () => {
      for (const { path } of changed) {
        const file = await ctx.folder.read(path)
        const isUnreadable = 'refusal' in file && file.refusal === 'unreadable'
        if (isUnreadable) nowUnreadable.add(path)
        // `storeFile` logs an unreadable file. A file that was unreadable in the last call is not logged again.
        if (!isUnreadable || !unreadablePaths.has(path)) await storeFile(ctx, path, file)
      }
      await removeMissing(ctx, new Set(files.map(({ path }) => path)))
    })
    if (!hasRun) return
    const readable = files.filter(({ path }) => !nowUnreadable.has(path))
    knownFingerprints = new Map(readable.map(({ path, fingerprint }) => [path, fingerprint]))
    unreadablePaths = nowUnreadable
  }
}

async function storeFile(
  { documents, documentLimits, log }: SyncContext,
  path: string,
  file: FileContent,
): Promise<void> {
  const refuse = (reason: string) => log.warn('EngineerChat.document_file_refused', { path, reason })
  if ('refusal' in file) return refuse(file.refusal)
  try {
    const outcome = await documents.importDocument(
      toFileDocument(path, file.text, documentLimits),
      documentLimits.keptVersions,
    )
    if (outcome !== 'unchanged') log.info('EngineerChat.document_file_stored', { path, outcome })
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'validation_failed') throw error
    const [problem] = error.extras.errors ?? []
    refuse(`${problem?.path} ${problem?.message}`)
  }
}

async function removeMissing({ documents, log }: SyncContext, paths: ReadonlySet<string>): Promise<void> {
  for (const { document_id, path } of await documents.listFiles()) {
    if (paths.has(path)) continue
    await documents.remove(document_id)
    log.info('EngineerChat.document_file_removed', { path, document_id })
  }
}
