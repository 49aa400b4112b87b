import { readFrontMatter } from '@engineer-chat/markdown'
import t from 'tap'
import { applyFrontMatter, type DocumentDraft } from '../src/state/documents/drafts.ts'
import { toMarkdownFile } from '../src/text/files/document-file.ts'

const EMPTY_DRAFT: DocumentDraft = {
  title: '',
  content: '',
  kind: 'note',
  language: '',
  tlp: '',
  event_id: '',
  base: null,
}

t.test('[DOC23] a downloaded file fills the form with the document’s values', async (t) => {
  for (const title of ['复盘：钓鱼邮件', 'a: b # c', 'It’s "it"', "it's", `"both" and it's`, '- C:\\x']) {
    const document = {
      title,
      kind: 'postmortem',
      language: 'zh',
      tlp: 'amber+strict',
      content: '---\n# A\n\nb',
    } as const
    const { fields, text } = readFrontMatter(toMarkdownFile(document))
    t.match(applyFrontMatter({ ...EMPTY_DRAFT, content: text }, fields), document, title)
  }
})

t.test('[DOC23] the file begins with its title and its label', async (t) => {
  const document = { title: 'VPN', kind: 'runbook', language: 'en', tlp: 'red', content: 'Lock.' } as const
  t.equal(toMarkdownFile(document), '---\ntitle: "VPN"\nkind: runbook\nlanguage: en\ntlp: TLP:RED\n---\nLock.')
})
