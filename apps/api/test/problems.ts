import { type ErrorCode, type Problem, Problem as ProblemSchema } from '@engineer-chat/protocol'
import type { LightMyRequestResponse as Response } from 'fastify'
import type { Test } from 'tap'
import { Value } from 'typebox/value'

/**
 * Checks that the response is a complete problem document with this status and code, without internal details, and
 * returns it.
 */
export function checkProblem(t: Test, response: Response, status: number, code: ErrorCode, label = ''): Problem {
  t.equal(response.statusCode, status, `${label} ${status} ${response.body.slice(0, 200)}`)
  t.match(response.headers['content-type'], /^application\/problem\+json/, `${label} is a problem document`)
  const problem: Problem = response.json()
  t.ok(Value.Check(ProblemSchema, problem), `${label} has every field`)
  t.equal(problem.status, status)
  t.equal(problem.code, code, `${label} ${code}`)
  t.equal(problem.request_id, response.headers['x-request-id'])
  // This matches parts of a stack trace, SQL, and the address of a server.
  const internals = /node_modules|at \w+ \(|SELECT |127\.0\.0\.1/
  t.notMatch(response.body, internals, `${label} shows no internals`)
  return problem
}
