import { ApiProblem, createClient, openSocket, type Socket } from '@engineer-chat/client'
import type { User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { forgetUser } from '../page/storage.ts'

/** `expired`: the server knows us no longer, and what is on the screen stays until somebody signs in again. */
export interface Session {
  phase: 'starting' | 'unreachable' | 'out' | 'in' | 'expired'
  user: User | null
}

export const client = createClient({ baseUrl: location.origin })
export const useSession = create<Session>(() => ({ phase: 'starting', user: null }))

let socket: Socket | undefined

/** One for the whole page; rooms share it. */
export function getSocket(): Socket {
  socket ??= openSocket(client)
  return socket
}

/** A reload has no token: the cookie gives one. */
export async function startSession(): Promise<void> {
  try {
    onSignedIn(await client.refresh())
  } catch (error) {
    const refused = error instanceof ApiProblem && error.status === 401
    useSession.setState({ phase: refused ? 'out' : 'unreachable', user: null })
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  onSignedIn(await client.login(username, password))
  otherTabs.postMessage(null)
}

/** Everything of this person goes: token, drafts, what wasn't sent. A page that begins anew holds nothing. */
export async function signOut(): Promise<void> {
  const { user } = useSession.getState()
  if (user) forgetUser(user.user_id)
  leaving = true
  await client.logout().catch(() => {})
  socket?.close()
  location.hash = ''
  location.reload()
}

/**
 * Ends every sign-in of this person. What is written and unsent stays in each browser: it is a machine that is lost, not
 * the text. @throws ApiProblem, ConnectionFailed: then nothing has ended
 */
export async function signOutEverywhere(): Promise<void> {
  leaving = true
  try {
    await client.logoutEverywhere()
  } catch (error) {
    leaving = false
    if (client.token === null) useSession.setState({ phase: 'expired' }) // it had ended before
    throw error
  }
  socket?.close()
  location.reload()
}

let leaving = false

/** All tabs share one cookie: where one signs in again, the others needn't ask for the password, too. */
const otherTabs = new BroadcastChannel('engineer-chat/signed-in')
otherTabs.onmessage = () => {
  const { phase } = useSession.getState()
  if (phase === 'expired' || phase === 'out') void client.refresh().then(onSignedIn, () => {})
}

function onSignedIn(user: User): void {
  const before = useSession.getState().user
  if (before && before.user_id !== user.user_id) {
    location.reload() // what is shown is the other person's
    return
  }
  useSession.setState({ phase: 'in', user })
  socket?.reconnect()
}

client.onToken(({ user }) => {
  if (useSession.getState().phase === 'in') useSession.setState({ user })
})
client.onSignedOut(() => {
  if (!leaving && useSession.getState().phase === 'in') useSession.setState({ phase: 'expired' })
})

/** A machine that woke up, or found its network again, shouldn't wait for a timer. */
function onReturn(): void {
  if (document.visibilityState === 'visible') socket?.reconnect()
}
addEventListener('online', onReturn)
document.addEventListener('visibilitychange', onReturn)
