import type {
  Analytics,
  AnalyticsQuery,
  ChangePassword,
  ChatHistory,
  ChatHistoryQuery,
  ChatSession,
  ChatStatus,
  ConfiguredModel,
  CreateEvent,
  CreateSummary,
  CreateUser,
  CursorQuery,
  Event,
  EventMember,
  EventSummary,
  ExportQuery,
  Feedback,
  FlaggedReply,
  FlaggedReplyFilter,
  JudgeReply,
  ListEvents,
  MemberRole,
  Message,
  MessagePage,
  Model,
  NewSession,
  PageQuery,
  Person,
  PinsQuery,
  PostMessage,
  SearchPage,
  SearchQuery,
  SendMessage,
  SendResult,
  SocketTicket,
  Speech,
  StoredFeedback,
  TranscriptionQuery,
  UpdateEvent,
  UpdateUser,
  User,
  VoiceAbilities,
} from '@engineer-chat/protocol'
import type { Backoff } from './backoff.ts'
import { type Call, createHttpExchange, readBlob } from './http-exchange.ts'
import { type SendOptions, sendQuestion } from './send.ts'
import { SignIn } from './sign-in.ts'
import { speak, transcribe, type VoiceOptions } from './voice.ts'

export interface ClientOptions {
  /** The API is reached at this URL: `http://127.0.0.1:5007`, or a page's own origin. */
  baseUrl: string
  fetch?: typeof fetch
  /** A request fails with `ConnectionFailed` after this long. */
  timeoutMs?: number
  backoff?: Partial<Backoff>
}

export interface Items<T> {
  items: T[]
  next_cursor: string | null
}

/** The server writes the export while the client reads it, which takes long for a large room. */
const EXPORT_TIMEOUT_MS = 300_000

const BACKOFF: Backoff = { firstMs: 300, maxMs: 5_000, random: Math.random }

/** The client has one typed method for each operation; every method throws ApiProblem or ConnectionFailed. */
export type Client = ReturnType<typeof createClient>

export function createClient(options: ClientOptions) {
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const fetcher = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const signIn = new SignIn(createHttpExchange({ baseUrl, fetch: fetcher, timeoutMs: options.timeoutMs ?? 20_000 }))
  const ctx = { call: (call: Call) => signIn.call<SendResult>(call), backoff: { ...BACKOFF, ...options.backoff } }

  const requests: Requests = {
    get: <T>(path: string, query: Query = {}) => signIn.call<T>({ method: 'GET', path, query }),
    write: <T>(method: WriteMethod, path: string, body?: unknown) => signIn.call<T>({ method, path, body }),
    fetchResponse: (call) => signIn.fetchResponse(call),
  }
  const { get } = requests

  return {
    baseUrl,
    /** Null while nobody is signed in. */
    get token() {
      return signIn.token
    },
    onToken: signIn.onToken.bind(signIn),
    onSignedOut: signIn.onSignedOut.bind(signIn),

    login: async (username: string, password: string): Promise<User> =>
      (await signIn.login({ username, password })).user,
    /** Also signs a browser in again after a reload, by its cookie. */
    refresh: async (): Promise<User> => (await signIn.refresh()).user,
    logout: () => signIn.logout(),
    /** Ends every sign-in of this user, on every machine. */
    logoutEverywhere: () => signIn.logoutEverywhere(),
    /** Changes the own password. This sign-in stays, and every other one of this user ends. */
    changePassword: (change: ChangePassword): Promise<void> =>
      signIn.call({ method: 'POST', path: '/api/auth/password', body: change }),
    me: () => get<User>('/api/auth/me'),
    wsTicket: (limit: Pick<Call, 'timeoutMs'> = {}): Promise<SocketTicket> =>
      signIn.call({ method: 'POST', path: '/api/auth/ws-ticket', ...limit }),

    send: (question: SendMessage, sending: SendOptions = {}): Promise<SendResult> =>
      sendQuestion(ctx, question, sending),
    ...createAdministration(requests),
    ...createEvents(requests),
    ...createRooms(requests),
    ...createChat(requests),
    ...createVoice(requests),
  }
}

type Query = Record<string, string | number | undefined>
type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Sends requests of the signed-in user. */
interface Requests {
  get<T>(path: string, query?: Query): Promise<T>
  write<T>(method: WriteMethod, path: string, body?: unknown): Promise<T>
  fetchResponse(call: Call): Promise<Response>
}

const createAdministration = ({ get, write }: Requests) => ({
  users: (query: CursorQuery = {}) => get<Items<User>>('/api/users', query),
  createUser: (user: CreateUser) => write<User>('POST', '/api/users', user),
  updateUser: (user_id: string, changes: UpdateUser) => write<User>('PATCH', url`/api/users/${user_id}`, changes),

  /** `analytics`, `configuredModels`, `flaggedReplies` and `judgeFlagged` need the role of an administrator. */
  analytics: (query: AnalyticsQuery = {}) => get<Analytics>('/api/admin/analytics', query),
  configuredModels: () => get<Items<ConfiguredModel>>('/api/admin/models'),
  flaggedReplies: (query: CursorQuery & FlaggedReplyFilter = {}) =>
    get<Items<FlaggedReply>>('/api/admin/flagged-replies', query),
  judgeFlagged: (message_id: string, verdict: JudgeReply) =>
    write<FlaggedReply>('PUT', url`/api/admin/flagged-replies/${message_id}/verdict`, verdict),
})

const createEvents = ({ get, write }: Requests) => ({
  events: (query: ListEvents = {}) => get<Items<Event>>('/api/events', query),
  createEvent: (event: CreateEvent) => write<Event>('POST', '/api/events', event),
  event: (event_id: string) => get<Event>(url`/api/events/${event_id}`),
  updateEvent: (event_id: string, changes: UpdateEvent) => write<Event>('PATCH', url`/api/events/${event_id}`, changes),
  members: (event_id: string, query: CursorQuery = {}) =>
    get<Items<EventMember>>(url`/api/events/${event_id}/members`, query),
  putMember: (event_id: string, user_id: string, role: MemberRole) =>
    write<EventMember>('PUT', url`/api/events/${event_id}/members/${user_id}`, { role }),
  /** Resolves the ids in a room to names. */
  people: (event_id: string, query: CursorQuery = {}) => get<Items<Person>>(url`/api/events/${event_id}/people`, query),
  removeMember: (event_id: string, user_id: string) =>
    write<void>('DELETE', url`/api/events/${event_id}/members/${user_id}`),
  summaries: (event_id: string, query: CursorQuery = {}) =>
    get<Items<EventSummary>>(url`/api/events/${event_id}/summaries`, query),
  addSummary: (event_id: string, summary: CreateSummary) =>
    write<EventSummary>('POST', url`/api/events/${event_id}/summaries`, summary),
})

const createRooms = ({ get, write, fetchResponse }: Requests) => ({
  messages: (event_id: string, query: PageQuery = {}) => get<MessagePage>(url`/api/events/${event_id}/messages`, query),
  post: (event_id: string, message: PostMessage) =>
    write<Message>('POST', url`/api/events/${event_id}/messages`, message),
  search: (event_id: string, query: SearchQuery) => get<SearchPage>(url`/api/events/${event_id}/search`, query),
  /** Returns the room as a file. */
  exportRoom: async (event_id: string, query: ExportQuery): Promise<Blob> => {
    const path = url`/api/events/${event_id}/export`
    return readBlob(await fetchResponse({ method: 'GET', path, query, timeoutMs: EXPORT_TIMEOUT_MS }))
  },
  /** Returns pinned messages in the order in which they were written. */
  pins: (event_id: string, query: PinsQuery = {}) => get<Items<Message>>(url`/api/events/${event_id}/pins`, query),
  pin: (event_id: string, message_id: string) => write<Message>('PUT', url`/api/events/${event_id}/pins/${message_id}`),
  unpin: (event_id: string, message_id: string) =>
    write<Message>('DELETE', url`/api/events/${event_id}/pins/${message_id}`),
  read: (event_id: string, position: number) => write<void>('PUT', url`/api/events/${event_id}/read`, { position }),
})

const createChat = ({ get, write }: Requests) => ({
  history: (query: ChatHistoryQuery) => get<ChatHistory>('/api/engineer-chat/history', query),
  newSession: (session: NewSession) => write<ChatSession>('POST', '/api/engineer-chat/new-session', session),
  status: (event_id: string) => get<ChatStatus>('/api/engineer-chat/status', { event_id }),
  sessions: (event_id: string, query: CursorQuery = {}) =>
    get<Items<ChatSession>>('/api/engineer-chat/sessions', { event_id, ...query }),
  cancel: (message_id: string) => write<Message>('POST', url`/api/engineer-chat/messages/${message_id}/cancel`),
  retry: (message_id: string) => write<Message>('POST', url`/api/engineer-chat/messages/${message_id}/retry`),
  feedback: (message_id: string, feedback: Feedback) =>
    write<StoredFeedback>('PUT', url`/api/engineer-chat/messages/${message_id}/feedback`, feedback),
  share: (session_id: string) => write<ChatSession>('POST', url`/api/engineer-chat/sessions/${session_id}/share`),
  models: () => get<Items<Model>>('/api/engineer-chat/models'),
})

const createVoice = (requests: Requests) => ({
  /** Tells whether this installation can do `transcribe` and `speak`. */
  voice: () => requests.get<VoiceAbilities>('/api/engineer-chat/voice'),
  /**
   * Resolves to the text of a recording. `audio.type` is one of AUDIO_TYPES (parameters may follow), `language` is ISO 639.
   * Codes: `voice_not_configured`, `voice_failed`, `payload_too_large`, `unsupported_media_type`, `budget_exceeded`.
   */
  transcribe: (audio: Blob, options: TranscriptionQuery & VoiceOptions = {}) => transcribe(requests, audio, options),
  /**
   * Resolves to sound that `URL.createObjectURL` makes playable, or null where the text has no such part. Codes: as above,
   * and `validation_failed` if the text is too long.
   */
  speak: (speech: Speech, options: VoiceOptions = {}): Promise<Blob | null> => speak(requests, speech, options),
})

const url = (parts: TemplateStringsArray, ...ids: string[]): string =>
  parts.map((part, index) => part + encodeURIComponent(ids[index] ?? '')).join('')
