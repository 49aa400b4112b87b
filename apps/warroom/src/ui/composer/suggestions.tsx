import { type Person, toHalfWidth } from '@engineer-chat/protocol'
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { useSignIn } from '../../state/people/sign-in.ts'
import { parseAddressee } from '../../text/addressee.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { listCommands } from './commands.ts'
import { type Completion, completeWord } from './completion.ts'
import { isComposingKey } from './keys.ts'

interface Suggestion extends Completion {
  key: string
  label: string
  hint: string
  icon: 'ai' | 'person' | 'command'
}

const MAX_SUGGESTIONS = 8
/** Stands for the position of the caret until the message box reports it. */
const NO_CARET = -1

/**
 * Offers the AI and people after `@` at the beginning of a word, and commands after `/` at the beginning of the text.
 * After a leading `@AI`, a `/` offers the commands that are for the AI.
 */
export function useSuggestions(textarea: RefObject<HTMLTextAreaElement | null>, text: string, event_id: string) {
  const t = useMessages()
  const people = usePeople(event_id)
  const readerId = useSignIn(({ user }) => user?.user_id)
  const [caret, setCaret] = useState(NO_CARET)
  /** Holds the text for which the list was closed. The list opens again when the text changes. */
  const [closedText, setClosedText] = useState('')
  const [chosenIndex, setChosenIndex] = useState(0)

  const textBeforeCaret = caret === NO_CARET ? '' : text.slice(0, caret)
  const typedWord = findTypedWord(toHalfWidth(textBeforeCaret))
  const items =
    typedWord === undefined || closedText === text
      ? []
      : listSuggestions({ typedWord, text, caret: textBeforeCaret.length, people, readerId, t })
  const activeIndex = Math.min(chosenIndex, items.length - 1)

  const updateCaret = () => setCaret(textarea.current?.selectionStart ?? NO_CARET)
  /** Closes the list until the message box has another text than this one. */
  const close = (closedFor = text) => setClosedText(closedFor)
  /** Types `/` into the message box, so that the commands are offered. */
  const openCommands = (write: (text: string) => void) => {
    write('/')
    setClosedText('')
    setCaret(1)
    textarea.current?.focus()
  }
  /**
   * Returns the completion that the key chose, `handled` if the key moved in the list or closed it, or undefined if the
   * key is not for the list.
   */
  const handleKey = (event: KeyboardEvent): Completion | 'handled' | undefined => {
    const activeItem = items[activeIndex]
    if (!activeItem || isComposingKey(event.nativeEvent)) return undefined
    if (event.key === 'ArrowDown') {
      setChosenIndex((activeIndex + 1) % items.length)
      return 'handled'
    }
    if (event.key === 'ArrowUp') {
      setChosenIndex((activeIndex + items.length - 1) % items.length)
      return 'handled'
    }
    if (event.key === 'Escape') {
      close()
      return 'handled'
    }
    const isChosenByEnter = event.key === 'Enter' && !event.shiftKey && !activeItem.isComplete
    return event.key === 'Tab' || isChosenByEnter ? activeItem : undefined
  }
  return { items, activeIndex, updateCaret, close, openCommands, handleKey }
}

/**
 * Finds the command or the mention that ends at the caret, such as `/sum` or the `@an` of `ask @an`. `listSuggestions`
 * decides whether a command may stand there. A mention may follow a Chinese word without a space, but not a character
 * of an address such as `name@host`.
 */
const findTypedWord = (textBeforeCaret: string): string | undefined =>
  /(?:(?<!\S)\/|(?<![A-Za-z0-9._@/+-])@)[\p{L}\p{N}._-]*$/u.exec(textBeforeCaret)?.[0]

interface SuggestionInput {
  /** Begins with `@` or `/` and ends at the caret. */
  typedWord: string
  text: string
  caret: number
  people: readonly Person[]
  /** Holds the id of the reader, who is not suggested, because mentioning oneself has no effect. */
  readerId: string | undefined
  t: Catalog
}

function listSuggestions({ typedWord, text, caret, people, readerId, t }: SuggestionInput): Suggestion[] {
  const start = caret - typedWord.length
  const toCompletion = (word: string) => completeWord(text, { start, caret }, word)
  const typedPrefix = typedWord.slice(1).toLowerCase()
  if (typedWord.startsWith('/')) {
    const isAfterAiMention = parseAddressee(text.slice(0, start)).to === 'ai_without_question'
    if (start !== 0 && !isAfterAiMention) return []
    return listCommands(t)
      .filter(
        ({ words, isForAi }) => words.some((word) => word.startsWith(typedPrefix)) && (isForAi || !isAfterAiMention),
      )
      .map(({ key, word, description, isForAi }) => ({
        ...toCompletion(`/${word}`),
        key,
        label: `/${word}`,
        hint: description,
        icon: isForAi ? 'ai' : 'command',
      }))
  }
  const ai: Suggestion = { ...toCompletion('@AI'), key: 'ai', label: '@AI', hint: t.to_ai, icon: 'ai' }
  const peopleSuggestions = people
    .filter(
      ({ user_id, username, may_enter }) => may_enter && user_id !== readerId && matchesNamePart(username, typedPrefix),
    )
    .map(
      ({ user_id, username, role }): Suggestion => ({
        ...toCompletion(`@${username}`),
        key: user_id,
        label: `@${username}`,
        hint: t.role[role],
        icon: 'person',
      }),
    )
  const offersAi = 'ai'.startsWith(typedPrefix) && typedPrefix !== 'ai' // A complete `@AI` needs no suggestion.
  return [...(offersAi ? [ai] : []), ...peopleSuggestions].slice(0, MAX_SUGGESTIONS)
}

/** Returns true if the name, or a part of it after `.`, `_` or `-`, begins with the typed text. */
const matchesNamePart = (username: string, typedPrefix: string): boolean => {
  const name = username.toLowerCase()
  return name.startsWith(typedPrefix) || name.split(/[._-]/).some((part) => part.startsWith(typedPrefix))
}

export function Suggestions(props: {
  suggestions: ReturnType<typeof useSuggestions>
  choose(completion: Completion): void
}): ReactNode {
  const { items, activeIndex } = props.suggestions
  const t = useMessages()
  if (items.length === 0) return null
  return (
    <div className="suggestions" id="suggestions" role="listbox" aria-label={t.suggestions}>
      {items.map((item, index) => (
        <div
          tabIndex={-1}
          key={item.key}
          role="option"
          aria-selected={index === activeIndex}
          onPointerDown={(event) => {
            event.preventDefault() // The message box keeps its focus.
            props.choose(item)
          }}
        >
          {item.icon === 'command' ? <Icon name="command" /> : <Avatar kind={item.icon} name={item.label.slice(1)} />}
          <strong>{item.label}</strong>
          <span className="quiet">{item.hint}</span>
        </div>
      ))}
    </div>
  )
}
