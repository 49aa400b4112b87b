import { listHeadings, parseMarkdown, readFrontMatter } from '@engineer-chat/markdown'
import { DOCUMENT_KINDS, LANGUAGE_PATTERN, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { throwInvalid } from '../shared/index.ts'
import { checkAndSplitContent, checkTitle, chooseLanguage, type DocumentLimits } from './document-text.ts'
import type { ImportedDocument } from './plan-import.ts'

const MAX_PATH_CODE_UNITS = 512
const MAX_TITLE_CODE_UNITS = 255
const LANGUAGE_TAG = new RegExp(LANGUAGE_PATTERN)

/**
 * Makes a document from a Markdown file. Its front matter may name the title, kind, language and TLP label. Otherwise
 * the title is the first heading or the name of the file, the kind is `runbook`, and the label is `amber`.
 * @throws ChatError validation_failed
 */
export function toFileDocument(path: string, source: string, limits: DocumentLimits): ImportedDocument {
  if (path.length > MAX_PATH_CODE_UNITS) throwInvalid('/path', `must have at most ${MAX_PATH_CODE_UNITS} characters`)
  const { fields, text } = readFrontMatter(source)
  const { content, pieces } = checkAndSplitContent(text, limits)
  const language = fields.get('language')
  return {
    import_key: `file ${path}`,
    path,
    title: checkTitle(fields.get('title') || findFirstHeading(content) || toBaseName(path))
      .slice(0, MAX_TITLE_CODE_UNITS)
      .toWellFormed(),
    kind: DOCUMENT_KINDS.find((kind) => kind === fields.get('kind')?.toLowerCase()) ?? 'runbook',
    language: chooseLanguage(language !== undefined && LANGUAGE_TAG.test(language) ? language : undefined, content),
    tlp: readTlp(fields.get('tlp')),
    access: 'everybody',
    event_id: null,
    content,
    pieces,
  }
}

/** Refuses a file with an unknown label, so that no text is shared more widely than its label allows. */
function readTlp(field: string | undefined): Tlp {
  if (field === undefined) return 'amber'
  const label = field.toLowerCase().replace(/^tlp:\s*/, '')
  return TLP_LABELS.find((tlp) => tlp === label) ?? throwInvalid('/tlp', 'must be a label of TLP 2.0')
}

const findFirstHeading = (content: string): string | undefined =>
  listHeadings(parseMarkdown(content)).find(({ title }) => title !== '')?.title

/** Returns the name of a file without its folder and its extension: `restart` for `mysql/restart.md`. */
const toBaseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')
