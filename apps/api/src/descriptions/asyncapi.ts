import { CLOSE_CODES, ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import { shareSchemas } from './shared-schemas.ts'

/** Describes what each frame from a client does. */
const CLIENT_FRAME_SUMMARIES: Record<ClientFrame['type'], string> = {
  subscribe: 'Subscribes to a room. With `last_seq`, the server sends the changes after it.',
  unsubscribe: 'Ends the subscription to a room.',
  typing: 'Notifies the room that the caller is typing.',
  auth: 'Replaces the access token before it expires.',
  ping: 'Asks for a `pong`.',
}

/** Describes what each frame from the server means. */
const SERVER_FRAME_SUMMARIES: Record<ServerFrame['type'], string> = {
  hello: 'Comes first on every connection, unless the node stops and sends `goaway` instead.',
  authenticated: 'Confirms that the new token is in use.',
  subscribed: 'Holds the newest page of the room, or the changes since `last_seq`.',
  message: 'Holds a new or changed row. The client stores it by `message_id` and keeps the row with the higher `seq`.',
  event: 'Holds the event after a change, for example of its status, severity or summary.',
  delta: 'Holds the next part of the text of a reply that is being written. A higher `attempt` starts the text again.',
  snapshot:
    'Holds the whole text of a reply so far, or with `truncated` only its beginning. It replaces all deltas below `next_index`.',
  cursor:
    'Comes with a heartbeat and holds the room’s `seq`. The client has received every change up to this number that its user may see.',
  presence: 'Lists people in the room, up to a limit, and counts all of them.',
  typing: 'Names a person who is typing.',
  inbox:
    'Comes on every connection of a person, at most once a second. Holds the active events whose unread counts, severity or status changed; a closed event comes one last time. After a reconnect the client reads the list of events again.',
  error: 'Reports an error. The connection stays open unless a close frame follows.',
  goaway: 'Announces a close with 1012. The client then connects to another node.',
  pong: 'Answers a `ping`.',
}

const DESCRIPTION = `JSON text frames over one connection for any number of rooms. Authenticate by the \`Authorization\` header, or by
\`?ticket=\` from \`POST /api/auth/ws-ticket\`. Close codes: ${CLOSE_CODES.policy} too many malformed frames, ${CLOSE_CODES.tooLarge} frame too large,
${CLOSE_CODES.restart} restart, ${CLOSE_CODES.unauthenticated} not or no longer authenticated, ${CLOSE_CODES.forbidden} forbidden, ${CLOSE_CODES.slowReader} too slow,
${CLOSE_CODES.tooManyConnectionsOrFrames} too many connections or frames.`

interface FrameSchema<Type extends string> {
  properties: { type: { const: Type } }
}

/** Describes `GET /ws` as AsyncAPI 3.0, from the schemas that check its frames. */
export function describeSockets(): object {
  const toServer = toMessages(ClientFrame.anyOf, CLIENT_FRAME_SUMMARIES, 'ToServer')
  const toClient = toMessages(ServerFrame.anyOf, SERVER_FRAME_SUMMARIES, 'ToClient')
  const listRefs = (messages: object) =>
    Object.keys(messages).map((name) => ({ $ref: `#/channels/socket/messages/${name}` }))
  const { document, schemas } = shareSchemas({
    asyncapi: '3.0.0',
    info: { title: 'Engineer Chat: the socket', version: '1', description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/ws', messages: { ...toServer, ...toClient } } },
    operations: {
      fromClient: { action: 'receive', channel: { $ref: '#/channels/socket' }, messages: listRefs(toServer) },
      toClient: { action: 'send', channel: { $ref: '#/channels/socket' }, messages: listRefs(toClient) },
    },
    components: {},
  })
  return { ...document, components: { schemas } }
}

function toMessages<Type extends string>(
  schemas: ReadonlyArray<FrameSchema<Type>>,
  summaries: Record<Type, string>,
  direction: 'ToServer' | 'ToClient',
) {
  return Object.fromEntries(
    schemas.map((schema) => {
      const name = schema.properties.type.const
      return [`${name}${direction}`, { name, summary: summaries[name], payload: schema }]
    }),
  )
}
