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
  FoundIndicator,
  IndicatorsQuery,
  JudgeReply,
  ListEvents,
  ListedEvent,
  MemberRole,
  Message,
  MessagePage,
  Model,
  NewSession,
  PageQuery,
  Person,
  PinsQuery,
  PostMessage,
  RoomIndicator,
  RoomIndicatorsQuery,
  SearchPage,
  SearchQuery,
  SendMessage,
  SendResult,
  SetMuted,
  SimilarEvent,
  SimilarEventsQuery,
  SocketTicket,
  StoredFeedback,
  UpdateEvent,
  UpdateUser,
  User,
} from '@engineer-chat/protocol'
import type { Backoff } from './backoff.ts'
import { createDocumentMethods } from './documents.ts'
import { type ApiRequest, createRequestFunction, readBlob } from './http-request.ts'
import { type CursorPage, type Query, type Requests, toPath, type WriteMethod } from './requests.ts'
import { type SendOptions, sendQuestion } from './send.ts'
import { type AccessToken, SignIn } from './sign-in.ts'
import { createVoiceMethods } from './voice.ts'

export interface ClientOptions {
  /** The API is reached at this absolute URL, for example at the origin of the page. */
  baseUrl: string
  fetch?: typeof fetch
  /** A longer request (20 s by default) fails with `ConnectionFailedError`. Exports and voice have other limits. */
  timeoutMs?: number
  /** Limits the waits before `sendQuestion` sends a question again. No other method has such waits. */
  backoff?: Partial<Backoff>
}

/** An export of a large room takes long, because the server writes it while the client reads it. */
const EXPORT_TIMEOUT_MS = 300_000

const DEFAULT_TIMEOUT_MS = 20_000

const BACKOFF: Backoff = { firstMaxMs: 300, maxMs: 5_000, random: Math.random }

/**
 * Has a method for each operation of the war room and of `npm run ask`. Some other routes, such as the audit's, have
 * none. Each method that sends a request may fail with these errors.
 * @throws ApiProblem, ConnectionFailedError; the signal's reason
 */
export type Client = ReturnType<typeof createClient>

export function createClient(options: ClientOptions) {
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  // Browsers refuse a `fetch` that is called as a method of another object, so the default calls it on `globalThis`.
  const fetcher = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const signIn = new SignIn(
    createRequestFunction({ baseUrl, fetch: fetcher, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS }),
  )
  const sendCtx = {
    fetchBody: (request: ApiRequest) => signIn.fetchBody<SendResult>(request),
    backoff: { ...BACKOFF, ...options.backoff },
  }

  const requests: Requests = {
    get: <T>(path: string, query: Query = {}, signal?: AbortSignal) =>
      signIn.fetchBody<T>({ method: 'GET', path, query, ...(signal && { signal }) }),
    write: <T>(method: WriteMethod, path: string, body?: unknown) => signIn.fetchBody<T>({ method, path, body }),
    fetchResponse: (request) => signIn.fetchResponse(request),
  }
  const { get } = requests

  return {
    baseUrl,
    /** Is null before the first login or refresh, and after the sign-in has ended. */
    get token(): AccessToken | null {
      return signIn.token
    },
    /** Calls the listener with each new token, after a login and after each refresh. */
    onToken: signIn.onToken.bind(signIn),
    /** Calls the listener when the sign-in has ended by a logout or by a refused refresh. */
    onSignedOut: signIn.onSignedOut.bind(signIn),

    login: async (username: string, password: string): Promise<User> =>
      (await signIn.login({ username, password })).user,
    /** Gets a new token. After a reload of the page, the browser's cookie signs the user in again. */
    refresh: async (): Promise<User> => (await signIn.refresh()).user,
    logout: () => signIn.logout(),
    /** Ends every sign-in of this user, on every machine. */
    logoutEverywhere: () => signIn.logoutEverywhere(),
    /** Changes the password of this user. This sign-in stays, and every other one of this user ends. */
    changePassword: (change: ChangePassword): Promise<void> =>
      signIn.fetchBody({ method: 'POST', path: '/api/auth/password', body: change }),
    getMe: () => get<User>('/api/auth/me'),
    createWsTicket: (timeLimit: Pick<ApiRequest, 'timeoutMs'> = {}): Promise<SocketTicket> =>
      signIn.fetchBody({ method: 'POST', path: '/api/auth/ws-ticket', ...timeLimit }),

    /** Asks the AI, and sends the question again after a transient error; the server stores it once. */
    sendQuestion: (question: SendMessage, sendOptions: SendOptions = {}): Promise<SendResult> =>
      sendQuestion(sendCtx, question, sendOptions),
    ...createAdminMethods(requests),
    ...createEventMethods(requests),
    ...createRoomMethods(requests),
    ...createDocumentMethods(requests),
    ...createChatMethods(requests),
    ...createVoiceMethods(requests),
  }
}

/** All of these methods need the role of an administrator. */
const createAdminMethods = ({ get, write }: Requests) => ({
  listUsers: (query: CursorQuery = {}) => get<CursorPage<User>>('/api/users', query),
  createUser: (user: CreateUser) => write<User>('POST', '/api/users', user),
  updateUser: (user_id: string, changes: UpdateUser) => write<User>('PATCH', toPath`/api/users/${user_id}`, changes),

  getAnalytics: (query: AnalyticsQuery = {}) => get<Analytics>('/api/admin/analytics', query),
  /** Gives this browser the cookie that opens the queue board at `/admin/queues` until the access token expires. */
  openQueueBoard: () => write<void>('POST', '/admin/queues/session'),
  /** Lists all models with their settings and their health. `listModels` lists what a caller may choose. */
  listConfiguredModels: () => get<CursorPage<ConfiguredModel>>('/api/admin/models'),
  listFlaggedReplies: (query: CursorQuery & FlaggedReplyFilter = {}) =>
    get<CursorPage<FlaggedReply>>('/api/admin/flagged-replies', query),
  judgeReply: (message_id: string, verdict: JudgeReply) =>
    write<FlaggedReply>('PUT', toPath`/api/admin/flagged-replies/${message_id}/verdict`, verdict),
})

const createEventMethods = ({ get, write }: Requests) => ({
  listEvents: (query: ListEvents = {}) => get<CursorPage<ListedEvent>>('/api/events', query),
  createEvent: (event: CreateEvent) => write<Event>('POST', '/api/events', event),
  getEvent: (event_id: string) => get<Event>(toPath`/api/events/${event_id}`),
  updateEvent: (event_id: string, changes: UpdateEvent) =>
    write<Event>('PATCH', toPath`/api/events/${event_id}`, changes),
  listMembers: (event_id: string, query: CursorQuery = {}) =>
    get<CursorPage<EventMember>>(toPath`/api/events/${event_id}/members`, query),
  putMember: (event_id: string, user_id: string, role: MemberRole) =>
    write<EventMember>('PUT', toPath`/api/events/${event_id}/members/${user_id}`, { role }),
  /**
   * Lists the people of the installation with their names, because messages carry only ids. `may_enter` says whether a
   * person may enter this room.
   */
  listPeople: (event_id: string, query: CursorQuery = {}) =>
    get<CursorPage<Person>>(toPath`/api/events/${event_id}/people`, query),
  removeMember: (event_id: string, user_id: string) =>
    write<void>('DELETE', toPath`/api/events/${event_id}/members/${user_id}`),
  listSummaries: (event_id: string, query: CursorQuery = {}) =>
    get<CursorPage<EventSummary>>(toPath`/api/events/${event_id}/summaries`, query),
  addSummary: (event_id: string, summary: CreateSummary) =>
    write<EventSummary>('POST', toPath`/api/events/${event_id}/summaries`, summary),
})

const createRoomMethods = ({ get, write, fetchResponse }: Requests) => ({
  listMessages: (event_id: string, query: PageQuery = {}) =>
    get<MessagePage>(toPath`/api/events/${event_id}/messages`, query),
  postMessage: (event_id: string, message: PostMessage) =>
    write<Message>('POST', toPath`/api/events/${event_id}/messages`, message),
  searchMessages: (event_id: string, query: SearchQuery) =>
    get<SearchPage>(toPath`/api/events/${event_id}/search`, query),
  /** Lists the indicators in the event's report and the room's messages, beginning with the newest message. */
  listIndicators: (event_id: string, query: RoomIndicatorsQuery = {}) =>
    get<CursorPage<RoomIndicator>>(toPath`/api/events/${event_id}/indicators`, query),
  /** Lists events that share indicators with this one or have a similar text. */
  listSimilarEvents: (event_id: string, query: SimilarEventsQuery = {}) =>
    get<CursorPage<SimilarEvent>>(toPath`/api/events/${event_id}/similar`, query),
  /** Finds indicators in all rooms that the caller may read. */
  searchIndicators: (query: IndicatorsQuery) => get<CursorPage<FoundIndicator>>('/api/indicators', query),
  /** Returns the room as a file. */
  exportRoom: async (event_id: string, query: ExportQuery): Promise<Blob> => {
    const path = toPath`/api/events/${event_id}/export`
    return readBlob(await fetchResponse({ method: 'GET', path, query, timeoutMs: EXPORT_TIMEOUT_MS }))
  },
  /** Returns pinned messages in the order in which they were written. */
  listPins: (event_id: string, query: PinsQuery = {}) =>
    get<CursorPage<Message>>(toPath`/api/events/${event_id}/pins`, query),
  pinMessage: (event_id: string, message_id: string) =>
    write<Message>('PUT', toPath`/api/events/${event_id}/pins/${message_id}`),
  unpinMessage: (event_id: string, message_id: string) =>
    write<Message>('DELETE', toPath`/api/events/${event_id}/pins/${message_id}`),
  /** Stores that this user has read the room up to this position. */
  markRead: async (event_id: string, position: number, { keepalive = false } = {}): Promise<void> => {
    await fetchResponse({ method: 'PUT', path: toPath`/api/events/${event_id}/read`, body: { position }, keepalive })
  },
  /** Mutes or unmutes the event for this user, on all devices. */
  setMuted: (event_id: string, change: SetMuted) =>
    write<void>('PUT', toPath`/api/events/${event_id}/notifications`, change),
})

const createChatMethods = ({ get, write }: Requests) => ({
  /**
   * Returns messages of one of the caller's sessions with the AI, by default of the active one that was used last. If
   * there is none, the page is empty and its `session_id` is null.
   */
  getHistory: (query: ChatHistoryQuery) => get<ChatHistory>('/api/engineer-chat/history', query),
  /** Starts an active session. The caller's earlier active session with the same visibility becomes inactive. */
  createSession: (session: NewSession) => write<ChatSession>('POST', '/api/engineer-chat/new-session', session),
  /**
   * Returns whether the caller may ask, how many of the caller's replies have not ended, which of these wait for a busy
   * model, and the event with its summary.
   */
  getStatus: (event_id: string) => get<ChatStatus>('/api/engineer-chat/status', { event_id }),
  listSessions: (event_id: string, query: CursorQuery = {}) =>
    get<CursorPage<ChatSession>>('/api/engineer-chat/sessions', { event_id, ...query }),
  cancelReply: (message_id: string) => write<Message>('POST', toPath`/api/engineer-chat/messages/${message_id}/cancel`),
  retryReply: (message_id: string) => write<Message>('POST', toPath`/api/engineer-chat/messages/${message_id}/retry`),
  sendFeedback: (message_id: string, feedback: Feedback) =>
    write<StoredFeedback>('PUT', toPath`/api/engineer-chat/messages/${message_id}/feedback`, feedback),
  /** Shows a private session of the caller to the people in the room. */
  shareSession: (session_id: string) =>
    write<ChatSession>('POST', toPath`/api/engineer-chat/sessions/${session_id}/share`),
  listModels: () => get<CursorPage<Model>>('/api/engineer-chat/models'),
})
