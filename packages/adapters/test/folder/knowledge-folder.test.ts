import { chmod, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openKnowledgeFolder } from '@engineer-chat/adapters/folder'
import { type Test, test } from 'tap'

const LIMITS = { maxFiles: 3, maxBytes: 1_000 }

async function setUp(t: Test) {
  const folder = t.testdir({ in: { 'a.md': 'Alpha', deep: { 'b.MARKDOWN': 'Beta' } }, out: { 'secret.md': 'Secret' } })
  const root = join(folder, 'in')
  const knowledge = openKnowledgeFolder(root, LIMITS)
  const listPaths = async () => (await knowledge.list()).map(({ path }) => path)
  return { root, outside: join(folder, 'out'), knowledge, listPaths }
}

test('[DOC13] Markdown files are listed at any depth, without other files and hidden ones', async (t) => {
  const { root, knowledge, listPaths } = await setUp(t)
  for (const name of ['notes.txt', '.hidden.md', 'md']) await writeFile(join(root, name), 'x')
  await mkdir(join(root, '.git'))
  await writeFile(join(root, '.git/c.md'), 'x')
  t.same(await listPaths(), ['a.md', 'deep/b.MARKDOWN'])
  t.same(await knowledge.read('deep/b.MARKDOWN'), { text: 'Beta' })
})

test('[DOC13] a changed or replaced file and other permissions change the fingerprint', async (t) => {
  const { root, knowledge } = await setUp(t)
  const readFingerprint = async () => (await knowledge.list())[0]?.fingerprint
  const fingerprints = [await readFingerprint()]
  await writeFile(join(root, 'a.md'), 'Longer')
  fingerprints.push(await readFingerprint())
  await utimes(join(root, 'a.md'), 1, 1)
  fingerprints.push(await readFingerprint())
  await writeFile(join(root, 'new'), 'Longes')
  await utimes(join(root, 'new'), 1, 1)
  await rename(join(root, 'new'), join(root, 'a.md')) // The size and the time are the same, but it is another file.
  fingerprints.push(await readFingerprint())
  await chmod(join(root, 'a.md'), 0o600)
  fingerprints.push(await readFingerprint())
  t.equal(new Set(fingerprints).size, 5)
})

test('[DOC14] symbolic links, as Kubernetes creates them, are followed within the folder, but not out of it or in a circle', async (t) => {
  const { root, outside, knowledge, listPaths } = await setUp(t)
  await mkdir(join(root, '..data'))
  await writeFile(join(root, '..data/mounted.md'), 'Mounted')
  await symlink('..data/mounted.md', join(root, 'mounted.md'))
  await symlink(join(outside, 'secret.md'), join(root, 'secret.md'))
  await symlink(outside, join(root, 'outside'))
  await symlink('.', join(root, 'circle'))
  await symlink('.', join(root, 'deep/circle'))
  await symlink('nowhere.md', join(root, 'broken.md'))
  await symlink('itself.md', join(root, 'itself.md'))
  t.same(await listPaths(), ['a.md', 'deep/b.MARKDOWN', 'mounted.md'])
  t.same(await knowledge.read('mounted.md'), { text: 'Mounted' })
})

test('[DOC14] a file that is too large or not UTF-8 is refused', async (t) => {
  const { root, knowledge } = await setUp(t)
  await writeFile(join(root, 'a.md'), Buffer.from([0x61, 0xff, 0x62]))
  t.same(await knowledge.read('a.md'), { refusal: 'not_utf8' })
  // A file may have 8,192 bytes of front matter besides the 1,000 bytes of its text.
  await writeFile(join(root, 'a.md'), 'x'.repeat(9_192))
  t.ok('text' in (await knowledge.read('a.md')))
  await writeFile(join(root, 'a.md'), 'x'.repeat(9_193))
  t.same(await knowledge.read('a.md'), { refusal: 'too_large' })
  t.same(await knowledge.read('none.md'), { refusal: 'unreadable' })
  await writeFile(join(root, 'a.md'), '\ufeffText')
  t.same(await knowledge.read('a.md'), { text: 'Text' }, 'without the byte order mark')
})

test('[DOC15] a folder with too many files and a missing folder are errors', async (t) => {
  const { root, knowledge } = await setUp(t)
  await writeFile(join(root, 'c.md'), 'x')
  t.equal((await knowledge.list()).length, 3)
  await writeFile(join(root, 'd.md'), 'x')
  await t.rejects(knowledge.list(), { message: /more than 3/ })
  await t.rejects(openKnowledgeFolder(join(root, 'none'), LIMITS).list(), { code: 'ENOENT' })
})
