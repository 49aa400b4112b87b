import { ApiProblem, createClient, openSocket, type Socket } from '@engineer-chat/client'
import type { User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { fetchAndLearnServerTime } from '../page/server-clock.ts'
import { removeStoredUserData } from '../page/storage.ts'

/**
 * `starting`: the page asks the server whether the user is signed in. `unreachable`: that request has failed.
 * `expired`: the sign-in has ended, and the page stays unchanged until a user signs in again.
 */
export interface SignInState {
  phase: 'starting' | 'unreachable' | 'out' | 'in' | 'expired'
  user: User | null
}

export const client = createClient({ baseUrl: location.origin, fetch: fetchAndLearnServerTime })
export const useSignIn = create<SignInState>(() => ({ phase: 'starting', user: null }))

let socket: Socket | undefined
/** While this is true, the end of a sign-in does not show the form to sign in again, because the page reloads soon. */
let isLeaving = false

/** Opens the page's only socket, which all rooms share. */
export function getSocket(): Socket {
  socket ??= openSocket(client, {
    helloTimeoutMs: 5_000,
    silenceProbe: { pingAfterMs: 2_000, isEnabled: () => document.visibilityState === 'visible' },
  })
  return socket
}

/** Gets an access token with the refresh cookie, because a reload of the page loses the token. */
export async function restoreSignIn(): Promise<void> {
  try {
    acceptUser(await client.refresh())
  } catch (error) {
    const isRefused = error instanceof ApiProblem && error.status === 401
    useSignIn.setState({ phase: isRefused ? 'out' : 'unreachable', user: null })
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  acceptUser(await client.login(username, password))
  otherTabs.postMessage(null)
}

/** Removes the token, drafts and unsent messages of this person, and reloads the page to clear its memory. */
export async function signOut(): Promise<void> {
  const { user } = useSignIn.getState()
  if (user) removeStoredUserData(user.user_id)
  isLeaving = true
  await client.logout().catch(() => {})
  socket?.close()
  location.hash = ''
  location.reload()
}

/**
 * Ends every sign-in of this person. Unlike `signOut`, this keeps the unsent text in each browser: people call it
 * because a sign-in may be stolen, and not because another person uses this machine next.
 * @throws ApiProblem, ConnectionFailedError if the request is refused or gets no response
 */
export async function signOutEverywhere(): Promise<void> {
  isLeaving = true
  try {
    await client.logoutEverywhere()
  } catch (error) {
    isLeaving = false
    if (client.token === null) useSignIn.setState({ phase: 'expired' }) // This page's own sign-in has ended.
    throw error
  }
  socket?.close()
  location.reload()
}

/** All tabs share one cookie, so after a sign-in in one tab the other tabs refresh their tokens without a password. */
const otherTabs = new BroadcastChannel('engineer-chat/signed-in')
otherTabs.onmessage = () => {
  const { phase } = useSignIn.getState()
  if (phase === 'expired' || phase === 'out') void client.refresh().then(acceptUser, () => {})
}

/** Shows the page to a user who has just signed in, or whose sign-in was refreshed. */
function acceptUser(user: User): void {
  const previousUser = useSignIn.getState().user
  if (previousUser && previousUser.user_id !== user.user_id) {
    location.reload() // The page still shows the previous user's data.
    return
  }
  useSignIn.setState({ phase: 'in', user })
  socket?.connectNow()
}

client.onToken(({ user }) => {
  if (useSignIn.getState().phase === 'in') useSignIn.setState({ user })
})
client.onSignedOut(() => {
  if (!isLeaving && useSignIn.getState().phase === 'in') useSignIn.setState({ phase: 'expired' })
})

/** Ends the wait of a lost socket for its next try when the tab becomes visible or the network is back. */
function connectIfVisible(): void {
  if (document.visibilityState === 'visible') socket?.connectNow()
}
addEventListener('online', connectIfVisible)
addEventListener('offline', () => socket?.dropConnection())
document.addEventListener('visibilitychange', connectIfVisible)
