import { CLOSE, ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import { shareSchemas } from './shared-schemas.ts'

/** Describes what each frame from a client does. */
const TO_SERVER: Record<ClientFrame['type'], string> = {
  subscribe: 'Follow a room; with `last_seq`, go on from there.',
  unsubscribe: 'Follow it no longer.',
  typing: 'Say that the caller is typing to the room.',
  auth: 'A fresh access token, before the old one expires.',
  ping: 'Answered by `pong`.',
}

/** Describes what each frame from the server means. */
const TO_CLIENT: Record<ServerFrame['type'], string> = {
  hello: 'The first frame.',
  authenticated: 'The fresh token counts.',
  subscribed: 'The room as it is, or what changed since `last_seq`.',
  message: 'A new or changed row: put it by `message_id`, keep the higher `seq`.',
  event: 'Status, severity or summary changed.',
  delta: 'The next piece of a reply that is being written; a higher `attempt` begins anew.',
  snapshot: 'All of it so far; deltas below `next_index` are old.',
  cursor: 'With heartbeats: the room has got this far; changes in between were not for you.',
  presence: 'Who is here.',
  typing: 'Who is typing.',
  error: 'The connection stays unless a close follows.',
  goaway: 'Another node will take you; then close 1012.',
  pong: 'The answer to `ping`.',
}

const DESCRIPTION = `JSON text frames over one connection for any number of rooms. Authenticate by the \`Authorization\` header, or by
\`?ticket=\` from \`POST /api/auth/ws-ticket\`. Close codes: ${CLOSE.policy} malformed or too many bad frames, ${CLOSE.tooLarge} frame too large,
${CLOSE.restart} restart, ${CLOSE.unauthenticated} not or no longer authenticated, ${CLOSE.forbidden} forbidden, ${CLOSE.tooSlow} too slow,
${CLOSE.tooMany} too many connections or frames.`

interface Frame<Type extends string> {
  properties: { type: { const: Type } }
}

/** Describes `GET /ws` as AsyncAPI 3.0, from the schemas that check its frames. */
export function asyncApi(): object {
  const toServer = toMessages(ClientFrame.anyOf, TO_SERVER, 'ToServer')
  const toClient = toMessages(ServerFrame.anyOf, TO_CLIENT, 'ToClient')
  const refs = (messages: object) =>
    Object.keys(messages).map((name) => ({ $ref: `#/channels/socket/messages/${name}` }))
  const { document, schemas } = shareSchemas({
    asyncapi: '3.0.0',
    info: { title: 'Engineer Chat: the socket', version: '1', description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/ws', messages: { ...toServer, ...toClient } } },
    operations: {
      fromClient: { action: 'receive', channel: { $ref: '#/channels/socket' }, messages: refs(toServer) },
      toClient: { action: 'send', channel: { $ref: '#/channels/socket' }, messages: refs(toClient) },
    },
    components: {},
  })
  return { ...document, components: { schemas } }
}

function toMessages<Type extends string>(
  frames: ReadonlyArray<Frame<Type>>,
  summaries: Record<Type, string>,
  direction: 'ToServer' | 'ToClient',
) {
  return Object.fromEntries(
    frames.map((payload) => {
      const name = payload.properties.type.const
      return [`${name}${direction}`, { name, summary: summaries[name], payload }]
    }),
  )
}
