import { type ErrorCode, type Problem, Problem as ProblemSchema } from '@engineer-chat/protocol'
import type { LightMyRequestResponse as Response } from 'fastify'
import type { Test } from 'tap'
import { Value } from 'typebox/value'

/** The answer is a whole problem document with this code, and says nothing else about us. */
export function isProblem(t: Test, response: Response, status: number, code: ErrorCode, what = ''): Problem {
  t.equal(response.statusCode, status, `${what} ${status} ${response.body.slice(0, 200)}`)
  t.match(response.headers['content-type'], /^application\/problem\+json/, `${what} is a problem document`)
  const problem: Problem = response.json()
  t.ok(Value.Check(ProblemSchema, problem), `${what} has every field`)
  t.equal(problem.status, status)
  t.equal(problem.code, code, `${what} ${code}`)
  t.equal(problem.request_id, response.headers['x-request-id'])
  t.notMatch(response.body, /node_modules|at \w+ \(|SELECT |127\.0\.0\.1/, `${what} shows no internals`)
  return problem
}
