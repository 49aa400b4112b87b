import type { AccessGrant, Login, User } from '@engineer-chat/protocol'
import { type ApiRequest, type RequestFunction, readBody } from './http-request.ts'
import { Listeners, type RemoveListener } from './listeners.ts'
import { type ApiProblem, createSignInEndedProblem, isUnauthorizedError, toApiProblem } from './problem.ts'

export interface AccessToken {
  accessToken: string
  /** The token expires at this time, in milliseconds of this machine's clock. */
  expiresAtMs: number
  user: User
}

/** Declares the part of the Web Locks API that is used here. */
interface Locks {
  request<T>(name: string, run: () => Promise<T>): Promise<T>
}

/** Is the abort reason of a refresh that a login replaces. That refresh then resolves to the login's token. */
class ReplacedByLogin {
  readonly token: AccessToken

  constructor(token: AccessToken) {
    this.token = token
  }
}

/**
 * Holds the access token of the present sign-in, or none. Refreshes it, and sends the requests that need it. Tokens are
 * in memory only. In a browser, no script can read the refresh cookie; elsewhere this object keeps it.
 */
export class SignIn {
  readonly #sendRequest: RequestFunction
  readonly #tokenListeners = new Listeners<AccessToken>()
  readonly #signedOutListeners = new Listeners<void>()
  #token: AccessToken | null = null
  /** Is `refresh_token=…` where fetch keeps no cookies. It stays null in browsers, because they keep the cookie. */
  #refreshCookie: string | null = null
  #refreshing: Promise<AccessToken> | null = null
  /**
   * Is aborted when the sign-in ends, or when a login begins another sign-in. A running refresh then neither stores its
   * grant nor ends the next sign-in.
   */
  #refreshAbort = new AbortController()

  constructor(sendRequest: RequestFunction) {
    this.#sendRequest = sendRequest
  }

  get token(): AccessToken | null {
    return this.#token
  }

  onToken(listener: (token: AccessToken) => void): RemoveListener {
    return this.#tokenListeners.add(listener)
  }

  onSignedOut(listener: () => void): RemoveListener {
    return this.#signedOutListeners.add(listener)
  }

  async login(login: Login): Promise<AccessToken> {
    const response = await this.#sendRequest({ method: 'POST', path: '/api/auth/login', body: login })
    if (!response.ok) throw await toApiProblem(response)
    const grant = await readBody<AccessGrant>(response)
    this.#storeRefreshCookie(response)
    const token = this.#storeToken(grant)
    this.#abortRefresh(new ReplacedByLogin(token))
    return token
  }

  /** Callers share one running refresh, because a second use of the same cookie would end the sign-in. */
  refresh(): Promise<AccessToken> {
    this.#refreshing ??= this.#runExclusively(() => this.#refresh()).finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /**
   * Ends this sign-in. Resolves also if the server has already ended it.
   * @throws ApiProblem, ConnectionFailedError
   */
  async logout(): Promise<void> {
    const { signal } = this.#refreshAbort
    // The server accepts a logout only with a valid token. `fetchBody` refreshes an expired one.
    await this.fetchBody({ method: 'POST', path: '/api/auth/logout' }).catch((error: unknown) => {
      if (!isUnauthorizedError(error)) throw error
    })
    // If a login has begun another sign-in meanwhile, that one stays.
    if (!signal.aborted) this.#endSignIn()
  }

  /**
   * Ends every sign-in of this user. Fails if the server has already ended this sign-in, because the caller must know
   * that the others were not ended.
   * @throws ApiProblem, ConnectionFailedError
   */
  async logoutEverywhere(): Promise<void> {
    const { signal } = this.#refreshAbort
    await this.fetchBody({ method: 'POST', path: '/api/auth/logout-everywhere' })
    if (!signal.aborted) this.#endSignIn()
  }

  /**
   * Sends a request with the token and reads the response's body. After a 401 it refreshes the token once and sends the
   * request again.
   * @throws ApiProblem, ConnectionFailedError; the signal's reason
   */
  async fetchBody<T>(request: ApiRequest): Promise<T> {
    return readBody<T>(await this.fetchResponse(request), request.signal)
  }

  /** Sends a request as `fetchBody` does, and resolves to the response without reading its body. */
  async fetchResponse(request: ApiRequest): Promise<Response> {
    if (this.#token === null) await this.refresh()
    const usedToken = this.#token
    let response = await this.#sendWithToken(request)
    if (response.status === 401) {
      if (this.#token === usedToken) await this.refresh()
      response = await this.#sendWithToken(request)
    }
    if (!response.ok) throw await toApiProblem(response)
    return response
  }

  #sendWithToken(request: ApiRequest): Promise<Response> {
    return this.#sendRequest({ ...request, headers: { ...request.headers, ...this.#getAuthorizationHeader() } })
  }

  async #refresh(): Promise<AccessToken> {
    const { signal } = this.#refreshAbort
    try {
      const response = await this.#sendRequest({
        method: 'POST',
        path: '/api/auth/refresh',
        headers: this.#refreshCookie === null ? {} : { cookie: this.#refreshCookie },
        signal,
      })
      if (!response.ok) throw await toApiProblem(response)
      signal.throwIfAborted()
      // The server has replaced the cookie, even if the body breaks off.
      this.#storeRefreshCookie(response)
      const grant = await readBody<AccessGrant>(response, signal)
      signal.throwIfAborted()
      return this.#storeToken(grant)
    } catch (error) {
      if (signal.aborted && signal.reason instanceof ReplacedByLogin) return signal.reason.token
      if (!signal.aborted && isUnauthorizedError(error)) this.#endSignIn()
      throw error
    }
  }

  /**
   * All tabs of a browser share one cookie, so they take turns by a lock. A client with its own cookie needs no lock.
   */
  #runExclusively<T>(run: () => Promise<T>): Promise<T> {
    const { navigator }: { navigator?: { locks?: Locks } } = globalThis
    const locks = this.#refreshCookie === null ? navigator?.locks : undefined
    return locks ? locks.request('engineer-chat-refresh', run) : run()
  }

  /** Browsers hide this header and keep the cookie themselves; Node's fetch stores no cookies. */
  #storeRefreshCookie(response: Response): void {
    const cookieHeader = response.headers.getSetCookie?.().find((header) => header.startsWith('refresh_token='))
    if (cookieHeader) this.#refreshCookie = cookieHeader.split(';')[0] ?? null
  }

  #storeToken({ access_token, expires_in, user }: AccessGrant): AccessToken {
    this.#token = { accessToken: access_token, expiresAtMs: Date.now() + expires_in * 1_000, user }
    this.#tokenListeners.notify(this.#token)
    return this.#token
  }

  #endSignIn(): void {
    const wasSignedIn = this.#token !== null
    this.#token = null
    this.#refreshCookie = null
    this.#abortRefresh(createSignInEndedProblem())
    if (wasSignedIn) this.#signedOutListeners.notify()
  }

  #abortRefresh(reason: ApiProblem | ReplacedByLogin): void {
    this.#refreshAbort.abort(reason)
    this.#refreshAbort = new AbortController()
  }

  #getAuthorizationHeader(): Record<string, string> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token.accessToken}` }
  }
}
