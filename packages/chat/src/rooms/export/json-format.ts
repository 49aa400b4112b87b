import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { ExportFormat } from './export-chunks.ts'

/** Creates a file with one message or document a line, so that a reader can hash a single line without parsing it. */
export function createJsonFormat(): ExportFormat {
  let lines = 0
  let count = 'count'
  const leftOut: string[] = []
  const line = (text: string) => {
    lines += 1
    return `${lines === 1 ? '' : ',\n'}${text}`
  }
  const endList = () => `${lines === 0 ? '' : '\n'}],\n"${count}":${lines},\n`
  return {
    writeHead: (head) =>
      `{"export":${escapeHiddenInJson(JSON.stringify({ format: 'engineer-chat.room/1', ...head }))},\n"messages":[\n`,
    writeMessage: ({ json, sha256 }) => line(`{"sha256":"${sha256}","message":${json}}`),
    openDocuments() {
      const end = endList()
      lines = 0
      count = 'document_count'
      return `${end}"documents":[\n`
    },
    writeDocument: ({ json, sha256 }) => line(`{"sha256":"${sha256}","document":${json}}`),
    writeLeftOut({ document_id }) {
      leftOut.push(document_id)
      return ''
    },
    writeTail: () => `${endList()}${leftOut.length === 0 ? '' : `"documents_left_out":${JSON.stringify(leftOut)},\n`}`,
    writeHashLine: (hash) => `"sha256":"${hash}"}\n`,
  }
}
