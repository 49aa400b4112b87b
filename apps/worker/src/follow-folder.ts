import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { openKnowledgeFolder } from '@engineer-chat/adapters/folder'
import { createFolderSync } from '@engineer-chat/chat/documents'
import type { Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { repeat } from '@engineer-chat/process/repeat'

/**
 * Stores the files of the folder of runbooks as documents, at the start and after each change. Does nothing without a
 * folder.
 */
export function followFolder(
  { documents }: Pick<Stores, 'documents'>,
  { folder, folderIntervalMs, ...limits }: WorkerConfig['documents'],
  log: Log,
): { stop(): Promise<void> } {
  if (folder === undefined) return { stop: async () => {} }
  const syncFolder = createFolderSync({
    documents,
    folder: openKnowledgeFolder(folder, limits),
    documentLimits: limits,
    log,
  })
  return repeat(folderIntervalMs, syncFolder, (cause) => log.error('EngineerChat.document_folder_failed', {}, cause))
}
