import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type ArchiveCheck, openMonthArchive, verifyArchive } from '@engineer-chat/adapters/archive'
import { type Test, test } from 'tap'

const INSTALLATION_ID = '01890a5d-ac96-774b-bcce-b302099a8057'
const FILE = 'audit_log-2020-01-b302099a8057.jsonl.gz'
const MANIFEST = 'audit_log-2020-01-b302099a8057.manifest.json'

async function* listRows(count: number) {
  for (let id = 1; id <= count; id += 1) yield { id, detail: 'a\nb' }
}

function createFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-archive-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function verify(folder: string): Promise<ArchiveCheck[]> {
  const checks: ArchiveCheck[] = []
  for await (const check of verifyArchive(folder)) checks.push(check)
  return checks
}

test('[DATA8] a month is a file of JSON lines that only its owner may read, with a manifest that has its hash', async (t) => {
  const folder = createFolder(t)
  await openMonthArchive(folder, INSTALLATION_ID).archiveMonth('audit_log', '2020-01', listRows(1_000))

  t.same(readdirSync(folder).toSorted(), [FILE, MANIFEST])
  const compressed = readFileSync(join(folder, FILE))
  const lines = gunzipSync(compressed).toString().trimEnd().split('\n')
  t.same([lines.length, JSON.parse(lines[999] ?? '')], [1_000, { id: 1_000, detail: 'a\nb' }])
  t.match(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')), {
    table: 'audit_log',
    month: '2020-01',
    installation_id: INSTALLATION_ID,
    file: FILE,
    rows: 1_000,
    bytes: compressed.length,
    sha256: createHash('sha256').update(compressed).digest('hex'),
  })
  for (const name of [FILE, MANIFEST]) t.equal(statSync(join(folder, name)).mode & 0o077, 0)
  t.same(await verify(folder), [{ manifest: MANIFEST, rows: 1_000, problem: undefined }])
})

test('[DATA8] a month that is in the archive is not written again, because the database may have fewer of its rows by then', async (t) => {
  const folder = createFolder(t)
  const archive = openMonthArchive(folder, INSTALLATION_ID)
  await archive.archiveMonth('audit_log', '2020-01', listRows(10))
  await archive.archiveMonth('audit_log', '2020-01', listRows(1))
  t.match(await verify(folder), [{ rows: 10, problem: undefined }])
})

test('[DATA8] an incomplete file has no manifest and is written again', async (t) => {
  const folder = createFolder(t)
  writeFileSync(join(folder, `${FILE}.part`), 'half')
  writeFileSync(join(folder, FILE), 'complete, without a manifest')
  await openMonthArchive(folder, INSTALLATION_ID).archiveMonth('audit_log', '2020-01', listRows(10))
  t.match(await verify(folder), [{ rows: 10, problem: undefined }])
})

test('[DATA8] if the rows cannot be read to the end, no manifest is written', async (t) => {
  const folder = createFolder(t)
  async function* failAfterFirstRow() {
    yield { id: 1 }
    throw new Error('the connection is gone')
  }
  await t.rejects(
    openMonthArchive(folder, INSTALLATION_ID).archiveMonth('audit_log', '2020-01', failAfterFirstRow()),
    /gone/,
  )
  t.same(await verify(folder), [])
})

test('[DATA8] a damaged, shortened or missing file is named, and its month stays in the database', async (t) => {
  const folder = createFolder(t)
  const archive = openMonthArchive(folder, INSTALLATION_ID)
  const keep = () => archive.archiveMonth('audit_log', '2020-01', listRows(1_000))
  await keep()
  const original = readFileSync(join(folder, FILE))

  const flipped = Buffer.from(original)
  flipped[4] = (flipped[4] ?? 0) ^ 1 // This byte is part of a time in the header, so the decompressed text stays the same.
  writeFileSync(join(folder, FILE), flipped)
  t.match(await verify(folder), [{ problem: /differs from its manifest/ }])
  await t.rejects(keep(), /No row of this month is removed/)

  truncateSync(join(folder, FILE), original.length - 20)
  t.match(await verify(folder), [{ problem: /./ }])
  await t.rejects(keep())

  rmSync(join(folder, FILE))
  t.match(await verify(folder), [{ problem: /ENOENT|no such file/ }])
  await t.rejects(keep())
})

test('[DATA8] a damaged manifest is named with what is wrong in it, and its month stays in the database', async (t) => {
  const folder = createFolder(t)
  const keep = () => openMonthArchive(folder, INSTALLATION_ID).archiveMonth('audit_log', '2020-01', listRows(10))
  await keep()
  const path = join(folder, MANIFEST)
  const original = readFileSync(path, 'utf8')
  const { rows: _, ...withoutRows } = JSON.parse(original)
  const truncated = original.slice(0, 100)
  const notJson = `${MANIFEST} is not valid JSON. It may be truncated.`

  for (const [text, problem] of [
    [truncated, notJson],
    ['', notJson],
    [JSON.stringify(withoutRows), `${MANIFEST} has no valid value for: rows.`],
    [JSON.stringify({ ...withoutRows, rows: '10', file: '../x' }), `${MANIFEST} has no valid value for: file, rows.`],
    ['[]', /has no valid value for: table, month, .*written_at\.$/],
    ['null', /has no valid value for: table, month, .*written_at\.$/],
  ] as const) {
    writeFileSync(path, text)
    t.match(await verify(folder), [{ manifest: MANIFEST, rows: 0, problem }])
    await t.rejects(keep(), { message: problem })
  }
})

test('[DATA8] two installations that share a folder do not share a month', async (t) => {
  const folder = createFolder(t)
  await openMonthArchive(folder, INSTALLATION_ID).archiveMonth('audit_log', '2020-01', listRows(3))
  const otherArchive = openMonthArchive(folder, '01890a5d-ac96-774b-bcce-000000000000')
  await otherArchive.archiveMonth('audit_log', '2020-01', listRows(4))
  t.same((await verify(folder)).map(({ rows }) => rows).toSorted(), [3, 4])
})
