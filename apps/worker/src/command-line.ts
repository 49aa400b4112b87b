import type { Principal } from '@engineer-chat/chat/shared'

/** Who acts when an operator runs a command: it is the actor in the audit, and no user can have this id. */
export const COMMAND_LINE: Principal = { user_id: 'command-line', role: 'admin' }
