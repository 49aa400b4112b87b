import type { ReactNode } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import type { Recipient } from '../../state/asking/recipient.ts'
import type { Addressee } from '../../text/addressee.ts'
import { announce } from '../parts/announcer.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'

type RecipientName = 'room' | 'private' | 'shared'

const RECIPIENTS: Record<RecipientName, { recipient: Recipient; icon: IconName }> = {
  room: { recipient: { to: 'room', visibility: 'private' }, icon: 'room' },
  private: { recipient: { to: 'ai', visibility: 'private' }, icon: 'lock' },
  shared: { recipient: { to: 'ai', visibility: 'room' }, icon: 'sparkle' },
}
const RECIPIENT_NAMES = ['room', 'private', 'shared'] as const

export function toRecipientName({ to, visibility }: Recipient): RecipientName {
  if (to === 'room') return 'room'
  return visibility === 'private' ? 'private' : 'shared'
}

/** Shows to the left of the message box who receives the text, and lets the writer choose. */
export function RecipientPicker(props: {
  recipient: Recipient
  addressee: Addressee
  choose(recipient: Recipient): void
}): ReactNode {
  const { recipient, addressee, choose } = props
  const t = useMessages()
  const name = toRecipientName(recipient)
  return (
    <span className={`recipient ${name}`} title={t.recipient_hint}>
      <Icon name={RECIPIENTS[name].icon} />
      <select
        aria-label={t.recipient_label}
        aria-keyshortcuts="Alt+J"
        value={name}
        onChange={({ target }) => {
          const chosenName = RECIPIENT_NAMES.find((option) => option === target.value)
          if (chosenName) choose(toChosenRecipient(chosenName, recipient))
        }}
      >
        {RECIPIENT_NAMES.map((option) => (
          <option key={option} value={option} disabled={!mayReceive(option, addressee)}>
            {t.recipient[option]}
          </option>
        ))}
      </select>
      <Icon name="chevron" />
    </span>
  )
}

/**
 * Returns true for Alt+J. Other shortcuts are in use: Alt+A takes a screenshot in WeChat and opens a menu of Firefox in
 * German and French, and Ctrl+. changes the punctuation of Microsoft's Pinyin.
 */
export const isRecipientKey = (
  event: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing'>,
): boolean =>
  event.code === 'KeyJ' && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing

/** Returns the next recipient that may receive the text. Announces it, because the focus stays in the message box. */
export function chooseNextRecipient(recipient: Recipient, addressee: Addressee, t: Catalog): Recipient {
  const currentName = toRecipientName(recipient)
  const currentIndex = RECIPIENT_NAMES.indexOf(currentName)
  const followingNames = [...RECIPIENT_NAMES.slice(currentIndex + 1), ...RECIPIENT_NAMES.slice(0, currentIndex)]
  const nextName = followingNames.find((name) => mayReceive(name, addressee)) ?? currentName
  announce(t.recipient_chosen(t.recipient[nextName]))
  return toChosenRecipient(nextName, recipient)
}

/** Returns the chosen recipient. For the room it keeps the visibility of the last chosen session with the AI. */
const toChosenRecipient = (name: RecipientName, { visibility }: Recipient): Recipient =>
  name === 'room' ? { to: 'room', visibility } : RECIPIENTS[name].recipient

/** Returns true if the recipient may receive the text. The room may not receive a command of the AI. */
const mayReceive = (name: RecipientName, addressee: Addressee): boolean =>
  name !== 'room' || addressee.to !== 'ai' || addressee.command === undefined
