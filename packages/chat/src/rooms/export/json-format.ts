import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { ExportFormat } from './export-chunks.ts'

/** Creates a format with one message or document per line, so that a reader can hash each without a JSON parser. */
export function createJsonFormat(): ExportFormat {
  let listedLines = 0
  let countField = 'count'
  const leftOutIds: string[] = []
  const addLine = (text: string) => {
    listedLines += 1
    return `${listedLines === 1 ? '' : ',\n'}${text}`
  }
  const endList = () => `${listedLines === 0 ? '' : '\n'}],\n"${countField}":${listedLines},\n`
  return {
    writeHead: (head) =>
      `{"export":${escapeHiddenInJson(JSON.stringify({ format: 'engineer-chat.room/1', ...head }))},\n"messages":[\n`,
    writeMessage: ({ json, sha256 }) => addLine(`{"sha256":"${sha256}","message":${json}}`),
    openDocuments() {
      const endOfMessages = endList()
      listedLines = 0
      countField = 'document_count'
      return `${endOfMessages}"documents":[\n`
    },
    writeDocument: ({ json, sha256 }) => addLine(`{"sha256":"${sha256}","document":${json}}`),
    writeLeftOut({ document_id }) {
      leftOutIds.push(document_id)
      return ''
    },
    writeTail() {
      const leftOutField = leftOutIds.length === 0 ? '' : `"documents_left_out":${JSON.stringify(leftOutIds)},\n`
      return endList() + leftOutField
    },
    writeHashLine: (hash) => `"sha256":"${hash}"}\n`,
  }
}
