import { readMessageBody } from '@engineer-chat/protocol'
import t from 'tap'
import { toAgentContent } from '../../src/rooms/agent-content.ts'
import { quotePlainText } from '../../src/rooms/export/escape-markdown.ts'
import { listMentionedNames } from '../../src/rooms/mentions/list-names.ts'
import { findSuperLinear, type TextRule } from '../../testing/index.ts'

/** Lists the functions that read data of people and agents for the page and the export. */
const RULES: Record<string, TextRule> = {
  quotePlainText,
  listMentionedNames,
  readMessageBody: (text) =>
    readMessageBody({
      message_category: 'agent',
      sender_type: null,
      message_content: toAgentContent({ [text]: text, other: 1 }),
    }),
}

for (const [name, rule] of Object.entries(RULES)) {
  t.test(`[LINEAR1] ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
