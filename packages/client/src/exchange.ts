import { ConnectionFailed } from './problem.ts'

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** One request and its answer, whatever it says. @throws ConnectionFailed; the signal's reason */
export type Exchange = (call: Call) => Promise<Response>

export function exchangeWith(options: { baseUrl: string; fetch: typeof fetch; timeoutMs: number }): Exchange {
  return async ({ method, path, query, body, headers = {}, signal }) => {
    const limit = AbortSignal.timeout(options.timeoutMs)
    try {
      return await options.fetch(`${options.baseUrl}${path}${queryString(query)}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      throw new ConnectionFailed(error)
    }
  }
}

function queryString(query: Call['query'] = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, `${value}`)
  return params.size === 0 ? '' : `?${params}`
}

/** @throws ConnectionFailed when the answer breaks off */
export async function bodyOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    throw new ConnectionFailed(error)
  }
}
