import type { Principal } from '@engineer-chat/chat/shared'

/** Names the actor in the audit log when an operator runs a command. No user can have this id. */
export const COMMAND_LINE_PRINCIPAL: Principal = { user_id: 'command-line', role: 'admin' }
