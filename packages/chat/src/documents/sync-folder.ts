import { ChatError, type Log } from '../shared/index.ts'
import type { DocumentStore } from './document-store.ts'
import type { DocumentLimits } from './document-text.ts'
import { toFileDocument } from './file-document.ts'

export interface FolderFile {
  /** Holds the path within the folder, with slashes. */
  path: string
  /** Changes with each change of the file. */
  fingerprint: string
}

type FileContent = { text: string } | { refusal: 'too_large' | 'not_utf8' | 'unreadable' }

/** Reads the folder of runbooks. */
export interface KnowledgeFolder {
  /**
   * Lists the Markdown files. Rejects if any part of the folder cannot be read. If the list lacked the files of
   * this part, their documents would be removed.
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
 * read only changed files, and files that were unreadable in the last call. If a file is refused or unreadable, its
 * document keeps the earlier text. While another process reads the folder, a call changes nothing and does not count as
 * the last call.
 */
export function createFolderSync(ctx: SyncContext): () => Promise<void> {
  /** Holds the fingerprint of each file of the last call by its path. Unreadable files are left out. */
  let knownFingerprints = new Map<string, string>()
  /** Holds the paths of the files that were unreadable in the last call. */
  let unreadablePaths = new Set<string>()
  return async () => {
    const files = await ctx.folder.list()
    const changed = files.filter(({ path, fingerprint }) => knownFingerprints.get(path) !== fingerprint)
    // If no file is new or changed, the sizes differ only if a file is missing.
    if (changed.length === 0 && files.length === knownFingerprints.size) return
    const nowUnreadable = new Set<string>()
    const hasRun = await ctx.documents.runAlone('folder', async () => {
      for (const { path } of changed) {
        const file = await ctx.folder.read(path)
        const isUnreadable = 'refusal' in file && file.refusal === 'unreadable'
        if (isUnreadable) nowUnreadable.add(path)
        // A file that was already unreadable in the last call is not logged again.
        if (!isUnreadable || !unreadablePaths.has(path)) await storeOrRefuse(ctx, path, file)
      }
      await removeDocumentsWithoutFile(ctx, new Set(files.map(({ path }) => path)))
    })
    if (!hasRun) return
    const readable = files.filter(({ path }) => !nowUnreadable.has(path))
    knownFingerprints = new Map(readable.map(({ path, fingerprint }) => [path, fingerprint]))
    unreadablePaths = nowUnreadable
  }
}

/** Stores the document of a file, or logs why the file is refused. */
async function storeOrRefuse(
  { documents, documentLimits, log }: SyncContext,
  path: string,
  file: FileContent,
): Promise<void> {
  const logRefusal = (reason: string) => log.warn('EngineerChat.document_file_refused', { path, reason })
  if ('refusal' in file) return logRefusal(file.refusal)
  try {
    const outcome = await documents.importDocument(
      toFileDocument(path, file.text, documentLimits),
      documentLimits.keptVersions,
    )
    if (outcome !== 'unchanged') log.info('EngineerChat.document_file_stored', { path, outcome })
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'validation_failed') throw error
    const [problem] = error.extras.errors ?? []
    logRefusal(`${problem?.path} ${problem?.message}`)
  }
}

/** Removes the documents of files that are no longer in the folder. */
async function removeDocumentsWithoutFile(
  { documents, log }: SyncContext,
  presentPaths: ReadonlySet<string>,
): Promise<void> {
  for (const { document_id, path } of await documents.listFiles()) {
    if (presentPaths.has(path)) continue
    await documents.remove(document_id)
    log.info('EngineerChat.document_file_removed', { path, document_id })
  }
}
