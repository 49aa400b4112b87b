import { authenticate, type Rights, requireAdmin, type SignInRef } from '../people/index.ts'
import { describeAct, type Principal, type VerbReport } from '../shared/index.ts'

/**
 * Returns the admin who owns this sign-in, because only admins may open the queue board.
 * @throws ChatError unauthorized, forbidden
 */
export async function enterQueueBoard(ctx: { rights: Rights }, signIn: SignInRef): Promise<Principal> {
  const caller = await authenticate(ctx, signIn)
  requireAdmin(caller)
  return caller
}

interface BoardInput {
  path: string
}

/** Lets an admin open the queue board in a browser. @throws ChatError forbidden */
export function openQueueBoard(_ctx: object, caller: Principal, _input: BoardInput): void {
  requireAdmin(caller)
}

openQueueBoard.report = {
  audit: ({ input: { path } }) => [describeAct('admin_view', { object_type: 'queue', detail: path })],
} satisfies VerbReport<BoardInput, void>
