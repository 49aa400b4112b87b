import { ConnectionFailedError } from './problem.ts'

/** Describes a request to the API. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  /** A Blob is sent as it is, under its own type; anything else is sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Replaces the client's timeout for this request. */
  timeoutMs?: number
  /** Lets the browser finish a small request after its page has been closed. */
  keepalive?: boolean
}

/** Sends one request and resolves to its response, of any status. @throws ConnectionFailedError; the signal's reason */
export type RequestFunction = (request: ApiRequest) => Promise<Response>

export function createRequestFunction(options: {
  baseUrl: string
  fetch: typeof fetch
  timeoutMs: number
}): RequestFunction {
  return async ({
    method,
    path,
    query,
    body,
    headers = {},
    signal,
    timeoutMs = options.timeoutMs,
    keepalive = false,
  }) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      return await options.fetch(`${options.baseUrl}${path}${toQueryString(query)}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': getContentType(body) },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(keepalive && { keepalive }),
        ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      throw new ConnectionFailedError(error)
    }
  }
}

const getContentType = (body: unknown): string =>
  body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json'

function toQueryString(query: ApiRequest['query'] = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, `${value}`)
  return params.size === 0 ? '' : `?${params}`
}

/**
 * Reads a JSON body; undefined if the response is a 204.
 * @throws ConnectionFailedError when the response breaks off or its body is no JSON; the signal's reason
 */
export async function readBody<T>(response: Response, signal?: AbortSignal): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    signal?.throwIfAborted()
    throw new ConnectionFailedError(error)
  }
}

/**
 * Reads a body of any type. The type of the Blob is the response's content type.
 * @throws ConnectionFailedError when the response breaks off; the signal's reason
 */
export async function readBlob(response: Response, signal?: AbortSignal): Promise<Blob> {
  try {
    return await response.blob()
  } catch (error) {
    signal?.throwIfAborted()
    throw new ConnectionFailedError(error)
  }
}
