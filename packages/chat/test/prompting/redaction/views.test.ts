import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { createRestorer } from '../../../src/prompting/redaction/restorer.ts'

function redact(text: string): string {
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  const restorer = createRestorer(redactor)
  t.equal(restorer.push(redacted) + restorer.end(), text, 'it is restored')
  return redacted
}

t.test('[SECRET7] full-width quotes are read as quotes', async (t) => {
  t.equal(redact('{＂password＂：＂Zomer2026!＂}'), '{＂password＂：＂[[PASSWORD-1]]＂}')
  t.equal(redact('密码：＂Zomer2026!＂ 请更改'), '密码：＂[[PASSWORD-1]]＂ 请更改')
})

t.test('[SECRET2] full-width quotes in Chinese text hide no words', async (t) => {
  for (const text of [
    '用户看到＂密码错误＂的提示，然后重置了密码。',
    '日志中有＂password＂一词，但没有密码的值。',
    '他说：＂令牌已过期＂，请联系＂安全团队＂。',
    '攻击者使用＂密码喷洒＂（password spraying）访问了＂财务＂部门。',
    '＂口令策略＂要求十四个字符；＂密钥＂由保险库保管。',
    '提示 ＂请输入密码＂ 和 ＂登录失败＂ 出现了三次。',
  ])
    t.equal(redact(text), text)
})

t.test('[SECRET11] lines that end with a backslash are joined as a shell does', async (t) => {
  t.equal(redact('password=Zomer\\\n2026!x\nid'), 'password=[[PASSWORD-1]]\nid')
  t.equal(redact('password=Zomer\\\r\n2026!x\r\nid'), 'password=[[PASSWORD-1]]\r\nid')
  const json = JSON.stringify({ run: 'export DB_PASSWORD=Zomer\\\n2026!x' })
  t.equal(redact(json), json.replace('Zomer\\\\\\n2026!x', '[[PASSWORD-1]]'))
})

t.test('[SECRET11] an option on a continued line is found, with and without a blank before it', async (t) => {
  for (const lineBreak of [' \\\n  ', ' \\\n', '\\\n  ', '\\\n', ' \\\r\n\t'])
    t.equal(redact(`curl${lineBreak}-u anna:Zomer2026!x https://x`), `curl${lineBreak}-u anna:[[PASSWORD-1]] https://x`)
})
