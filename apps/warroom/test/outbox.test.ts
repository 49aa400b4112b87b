import { addMessages, ConnectionFailedError } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import type { Delivery, Unsent } from '../src/state/asking/outbox.ts'
import { startFakePage } from '../testing/fake-page.ts'

startFakePage()

/** Holds the values as its own properties, as the storage of a browser does. */
class FakeStorage {
  getItem(key: string): string | null {
    const value: unknown = Reflect.get(this, key)
    return typeof value === 'string' ? value : null
  }
  setItem(key: string, value: string): void {
    Reflect.set(this, key, value)
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key)
  }
}
Object.defineProperty(globalThis, 'localStorage', { value: new FakeStorage() })

const { getSocket } = await import('../src/state/people/sign-in.ts')
const { getRoom } = await import('../src/state/rooms/rooms.ts')
const { submitText } = await import('../src/state/asking/submit-text.ts')
const { openOutbox, submitMessage, useOutbox } = await import('../src/state/asking/outbox.ts')
const { listUnconfirmed } = await import('../src/state/rooms/timeline-rows.ts')

const storedMessage = {
  message_id: 'm7',
  position: 7,
  user_id: 'alice',
  sender_type: 'user',
  message_category: 'room',
  message_content: { content: 'ok' },
} as Message

const SUBMISSION = { event_id: 'e', to: 'room', text: 'ok', visibility: 'room', since_seq: 3 } as const

const listItems = () => useOutbox.getState().items
const waitForItems = (isExpected: (items: readonly Unsent[]) => boolean) =>
  new Promise<void>((resolve) => {
    const unsubscribe = useOutbox.subscribe(({ items }) => {
      if (!isExpected(items)) return
      unsubscribe()
      resolve()
    })
  })

t.teardown(() => getSocket().close())

t.test('[ROOM2] a message that is equal to one that a response has just brought is not taken for it', async (t) => {
  getRoom('e').updateState((state) => addMessages(state, [storedMessage]))
  const { event_id, to, text, visibility } = SUBMISSION
  submitText('alice', { event_id, to, text, visibility })
  t.equal(listUnconfirmed({ messages: [storedMessage], unsent: listItems(), user_id: 'alice' }).length, 1)
})

t.test(
  '[ROOM2] of two equal messages the second stays visible after the first is sent, also after a reload',
  async (t) => {
    const storedMessages = [storedMessage]
    const delivery: Delivery = {
      deliver: async ({ event_id }) => {
        const message = event_id === 'e' ? storedMessages.pop() : undefined
        if (message) return [message]
        throw new ConnectionFailedError('The network is lost.')
      },
      showDelivered: () => {},
      waitBeforeRetry: () => Promise.withResolvers<void>().promise,
    }
    /** Counts as the page does, which passes only the messages of the room. */
    const countVisible = () => {
      const unsent = listItems().filter(({ event_id }) => event_id === 'e')
      return listUnconfirmed({ messages: [storedMessage], unsent, user_id: 'alice' }).length
    }
    openOutbox('alice', delivery)

    const secondWaits = waitForItems((items) => items.length === 2 && items.every(({ state }) => state === 'waiting'))
    submitMessage(SUBMISSION)
    submitMessage(SUBMISSION)
    submitMessage({ ...SUBMISSION, event_id: 'another room' })
    await secondWaits

    t.equal(countVisible(), 1)
    const itemOfOtherRoom = listItems().find(({ event_id }) => event_id === 'another room')
    t.equal(itemOfOtherRoom?.since_seq, 3, 'the other room has its own positions')
    openOutbox('bob', delivery)
    openOutbox('alice', delivery) // The outbox is read from the storage, as after a reload.
    t.equal(listItems().length, 2)
    t.equal(countVisible(), 1)
  },
)
