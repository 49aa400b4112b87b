import type { Principal } from '@engineer-chat/chat/shared'

/** The audit names this actor when an operator runs a command; no user can have this id. */
export const COMMAND_LINE: Principal = { user_id: 'command-line', role: 'admin' }
