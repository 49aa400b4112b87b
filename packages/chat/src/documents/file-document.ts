import { listHeadings, parseMarkdown, readFrontMatter } from '@engineer-chat/markdown'
import { DOCUMENT_KINDS, LANGUAGE_PATTERN, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { throwInvalid } from '../shared/index.ts'
import { checkAndSplitContent, checkTitle, chooseLanguage, type DocumentLimits } from './document-text.ts'
import type { ImportedDocument } from './plan-import.ts'

const MAX_PATH_CODE_UNITS = 512
const MAX_TITLE_CODE_UNITS = 255
const LANGUAGE_TAG = new RegExp(LANGUAGE_PATTERN)

/**
 * Makes a document from a Markdown file. The front matter of the file may name the title, kind, language and TLP label.
 * Without a title there, the title is the first heading, or else the name of the file. Without a known kind, the kind
 * is `runbook`. Without a valid language, the language is detected. Without a label, the label is `amber`. A file with
 * an unknown label is refused.
 * @throws ChatError validation_failed
 */
export function toFileDocument(path: string, markdown: string, limits: DocumentLimits): ImportedDocument {
  if (path.length > MAX_PATH_CODE_UNITS) throwInvalid('/path', `must have at most ${MAX_PATH_CODE_UNITS} characters`)
  const { fields, text } = readFrontMatter(markdown)
  const { content, pieces } = checkAndSplitContent(text, limits)
  const language = fields.get('language')
  return {
    import_key: `file ${path}`,
    path,
    title: checkTitle(fields.get('title') || findFirstTitle(content) || toBaseName(path))
      .slice(0, MAX_TITLE_CODE_UNITS)
      .toWellFormed(),
    kind: DOCUMENT_KINDS.find((kind) => kind === fields.get('kind')?.toLowerCase()) ?? 'runbook',
    language: chooseLanguage(language !== undefined && LANGUAGE_TAG.test(language) ? language : undefined, content),
    tlp: toTlp(fields.get('tlp')),
    access: 'everybody',
    event_id: null,
    content,
    pieces,
  }
}

/** Refuses an unknown label, because a default label could share a text more widely than its author allowed. */
function toTlp(value: string | undefined): Tlp {
  if (value === undefined) return 'amber'
  const label = value.toLowerCase().replace(/^tlp:\s*/, '')
  return TLP_LABELS.find((tlp) => tlp === label) ?? throwInvalid('/tlp', 'must be a label of TLP 2.0')
}

/** Finds the title of the first heading that has one. */
const findFirstTitle = (content: string): string | undefined =>
  listHeadings(parseMarkdown(content)).find(({ title }) => title !== '')?.title

/** Returns the name of a file without its folder and its extension: `restart` for `mysql/restart.md`. */
const toBaseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')
