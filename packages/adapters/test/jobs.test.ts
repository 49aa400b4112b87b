import t from 'tap'
import { parseReplyJob, toJob } from '../src/bullmq/jobs.ts'

const ref = { message_id: 'a-reply', attempt: 2 }

t.test('[TRACE1] a job carries the id of its request to the worker, and the job id does not depend on it', (t) => {
  const job = toJob({ ...ref, request_id: 'request-1', delayMs: 0 })
  t.same(parseReplyJob(job.data), { ...ref, request_id: 'request-1' })
  t.equal(job.opts.jobId, toJob({ ...ref, delayMs: 0 }).opts.jobId)
  t.same(parseReplyJob(toJob({ ...ref, delayMs: 0 }).data), ref, 'as an older node wrote it')
  t.end()
})

t.test('[OTEL1] a job carries the trace of its request, and an invalid trace is left out', (t) => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  t.same(parseReplyJob(toJob({ ...ref, traceparent, delayMs: 0 }).data), { ...ref, traceparent })
  for (const wrong of [7, '', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`, `${traceparent}\n`, 'x'.repeat(1e6)])
    t.same(parseReplyJob({ ...ref, traceparent: wrong }), ref)
  t.end()
})

t.test('[TRACE1] a value that is not a request id is dropped, so it never reaches the log', (t) => {
  for (const request_id of [7, '', 'a b c d e f', 'x'.repeat(65), { a: 1 }, null])
    t.same(parseReplyJob({ ...ref, request_id }), ref)
  t.end()
})
