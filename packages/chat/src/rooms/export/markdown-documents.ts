import type { ListedDocument, Tlp } from '@engineer-chat/protocol'
import { escapeToOneLine, quoteMarkdown } from './escape-markdown.ts'
import type { ExportedDocument } from './export-chunks.ts'
import type { ExportTexts } from './export-texts.ts'

/** Writes a user's name as Markdown. For null it writes a dash. */
export type WriteName = (user_id: string | null) => string

/** Writes the list of documents, which stands above the messages. The documents' texts follow the messages. */
export const writeDocumentList = (
  texts: ExportTexts,
  writeName: WriteName,
  documentList: readonly ListedDocument[],
): string =>
  documentList.length === 0
    ? `${texts.noDocuments}\n`
    : documentList
        .map((document) => `- **${escapeToOneLine(document.title)}** · ${writeDetails(texts, writeName, document)}\n`)
        .join('')

/**
 * Writes a document with its title, details and text. The text is a quotation, so that its headings are not taken for
 * headings of the file.
 */
export function writeDocumentSection(
  texts: ExportTexts,
  writeName: WriteName,
  { document, sha256 }: ExportedDocument,
): string {
  const { title, document_id, content } = document
  const details = `${writeDetails(texts, writeName, document)} · \`${document_id}\``
  return `### ${escapeToOneLine(title)}\n\n${details}\n\n${quoteMarkdown(content)}\n\n\`sha256 ${sha256}\`\n\n`
}

/** Writes a note in place of the text of a document that is left out. */
export const writeLeftOutSection = (texts: ExportTexts, { title, document_id }: ListedDocument): string =>
  `### ${escapeToOneLine(title)}\n\n${texts.documentLeftOut} · \`${document_id}\`\n\n`

/** Writes the kind, version and TLP label of a document, and who changed it last and when. */
function writeDetails(texts: ExportTexts, writeName: WriteName, document: ListedDocument): string {
  const { kind, version, tlp, updated_by, updated_at } = document
  const lastChange =
    updated_by === null ? texts.writtenByProduct(updated_at) : texts.writtenBy(writeName(updated_by), updated_at)
  return [texts.documentKindNames[kind], texts.documentVersion(version), writeTlp(tlp), lastChange].join(' · ')
}

export const writeTlp = (tlp: Tlp): string => `**TLP:${tlp.toUpperCase()}**`
