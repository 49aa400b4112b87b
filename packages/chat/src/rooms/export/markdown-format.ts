import type { Message } from '@engineer-chat/protocol'
import { quoteText, toPlainText } from './escape-markdown.ts'
import type { ExportFormat, ExportHeader } from './export-chunks.ts'
import { EXPORT_MESSAGES, type ExportLanguage } from './export-messages.ts'

const EXCERPT_CHARACTERS = 160

/** Creates the format for people: the pins first, then who wrote what and when. */
export function createMarkdownFormat(language: ExportLanguage, nameOf: (user_id: string) => string): ExportFormat {
  const say = EXPORT_MESSAGES[language]
  const name = (user_id: string | null) => toPlainText(user_id === null ? '—' : nameOf(user_id))
  let day = ''

  const who = ({ message_category, sender_type, message_from, user_id }: Message): string => {
    if (message_category === 'agent') return `${toPlainText(message_from.replace(/^_/, ''))} (${say.agent})`
    if (sender_type === 'ai') return say.assistant
    return sender_type === 'system' ? say.system : name(user_id)
  }
  const pin = (message: Message): string => {
    const text = message.message_content.content
    const excerpt = text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text
    const { user_id = null, at = '' } = message.pinned ?? {}
    return `- ${message.created_at} · **${who(message)}** · #${message.position} (${say.pinned(name(user_id), at)}): ${toPlainText(excerpt)}\n`
  }
  const head = ({ event, summary, pins, exported_at, exported_by, seq, with_private }: ExportHeader): string =>
    [
      `# ${toPlainText(event.event_name)}\n`,
      `${say.exported(exported_at, name(exported_by), seq)} ${with_private ? say.with_private : say.without_private}`,
      `${say.times}\n`,
      `## ${say.about}\n`,
      `- ${say.event}: \`${event.event_id}\``,
      `- ${say.severity_label}: ${say.severity[event.severity]}`,
      `- ${say.status_label}: ${say.status[event.event_status]}`,
      `- ${say.source}: ${toPlainText(event.source)}`,
      `- ${say.opened}: ${event.created_at}\n`,
      `### ${say.reported}\n`,
      `${quoteText(event.message)}\n`,
      ...(event.context === '' ? [] : [`### ${say.context}\n`, `${quoteText(event.context)}\n`]),
      ...(summary
        ? [`## ${say.summary(summary.round_id, summary.updated_at)}\n`, `${quoteText(summary.event_summary)}\n`]
        : []),
      ...(summary?.event_suggestion ? [`### ${say.suggestion}\n`, `${quoteText(summary.event_suggestion)}\n`] : []),
      `## ${say.evidence}\n`,
      pins.length === 0 ? `${say.no_evidence}\n` : pins.map(pin).join(''),
      `## ${say.messages}\n`,
    ].join('\n')

  const marks = ({ message_category, sender_type, visibility, pinned }: Message): string[] => [
    ...(message_category === 'engineer_chat' && sender_type === 'user' ? [say.asks] : []),
    ...(message_category === 'engineer_chat' ? [visibility === 'private' ? say.only_asker : say.shared] : []),
    ...(pinned ? [say.pinned(name(pinned.user_id), pinned.at)] : []),
  ]
  return {
    head,
    message({ message, sha256 }) {
      const { created_at, position, message_type, message_content } = message
      const newDay = created_at.slice(0, 10)
      const separator = newDay === day ? '' : `### ${newDay}\n\n`
      day = newDay
      const title = [`#${position}`, created_at.slice(11, -1), who(message), ...marks(message)].join(' · ')
      const { content, partial } = message_content
      const text = message_type === 'thinking' ? say.unfinished : content
      const cut = message_type === 'error' && partial ? `${say.broke_off}\n\n${quoteText(partial)}\n\n` : ''
      return `${separator}#### ${title}\n\n${quoteText(text)}\n\n${cut}\`sha256 ${sha256}\`\n\n`
    },
    tail: () => '---\n\n',
    seal: (hash) => `${say.seal}: ${hash}\n`,
  }
}
