import { ApiProblem, createClient, openSocket, type Socket } from '@engineer-chat/client'
import type { User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { fetchWithTime } from '../page/server-clock.ts'
import { forgetUser } from '../page/storage.ts'

/** In the phase `expired`, the sign-in has ended and the page stays unchanged until a user signs in again. */
export interface Session {
  phase: 'starting' | 'unreachable' | 'out' | 'in' | 'expired'
  user: User | null
}

export const client = createClient({ baseUrl: location.origin, fetch: fetchWithTime })
export const useSession = create<Session>(() => ({ phase: 'starting', user: null }))

let socket: Socket | undefined

/** Opens the page's only socket, which all rooms share. */
export function getSocket(): Socket {
  socket ??= openSocket(client, {
    helloTimeoutMs: 5_000,
    probe: { silentMs: 2_000, isNeeded: () => document.visibilityState === 'visible' },
  })
  return socket
}

/** Gets a token with the refresh cookie, because a reload loses the token. */
export async function startSession(): Promise<void> {
  try {
    acceptUser(await client.refresh())
  } catch (error) {
    const refused = error instanceof ApiProblem && error.status === 401
    useSession.setState({ phase: refused ? 'out' : 'unreachable', user: null })
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  acceptUser(await client.login(username, password))
  otherTabs.postMessage(null)
}

/** Removes the token, drafts and unsent messages of this person; the reload empties the memory. */
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
 * Ends every sign-in of this person. Unsent text stays in each browser, because a machine was lost and not the text.
 * @throws ApiProblem, ConnectionFailed if nothing has ended
 */
export async function signOutEverywhere(): Promise<void> {
  leaving = true
  try {
    await client.logoutEverywhere()
  } catch (error) {
    leaving = false
    if (client.token === null) useSession.setState({ phase: 'expired' }) // This sign-in had ended before.
    throw error
  }
  socket?.close()
  location.reload()
}

let leaving = false

/** All tabs share one cookie, so after a sign-in in one tab the others refresh instead of asking for the password. */
const otherTabs = new BroadcastChannel('engineer-chat/signed-in')
otherTabs.onmessage = () => {
  const { phase } = useSession.getState()
  if (phase === 'expired' || phase === 'out') void client.refresh().then(acceptUser, () => {})
}

function acceptUser(user: User): void {
  const before = useSession.getState().user
  if (before && before.user_id !== user.user_id) {
    location.reload() // The page still shows the former person's data.
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

/** Reconnects at once when the machine wakes up or the network is back. */
function onReturn(): void {
  if (document.visibilityState === 'visible') socket?.reconnect()
}
addEventListener('online', onReturn)
addEventListener('offline', () => socket?.dropConnection())
document.addEventListener('visibilitychange', onReturn)
