import t from 'tap'
import { escapeHiddenInJson, markDeceptive, removeDeceptiveMarks } from '../src/index.ts'

t.test('[DECEPTIVE1] an invisible character is replaced by a mark with its code point', async (t) => {
  for (const [text, expected] of [
    ['invoice\u202Efdp.exe', 'invoice⟨U+202E⟩fdp.exe'],
    ['pa\u00ADypal.com', 'pa⟨U+00AD⟩ypal.com'],
    ['a\u200B\u200B\u200Bb', 'a⟨U+200B ×3⟩b'],
    ['x\u2066y\u2069 \u061C \u200F', 'x⟨U+2066⟩y⟨U+2069⟩ ⟨U+061C⟩ ⟨U+200F⟩'],
    ['\uFEFFa\u2060b\u3164c\u2800d', '⟨U+FEFF⟩a⟨U+2060⟩b⟨U+3164⟩c⟨U+2800⟩d'],
    ['\u001B[31mERROR\u0000\u0085', '⟨U+001B⟩[31mERROR⟨U+0000⟩⟨U+0085⟩'],
    ['a\u2028b', 'a⟨U+2028⟩b'],
    ['log\u{E006F}\u{E0062}\uFE0F\u{E0101}', 'log⟨U+E006F⟩⟨U+E0062⟩⟨U+FE0F⟩⟨U+E0101⟩'],
    ['a\u200Db\u200Cc', 'a⟨U+200D⟩b⟨U+200C⟩c'],
    ['1\u200D2', '1⟨U+200D⟩2'],
  ]) {
    t.equal(markDeceptive(text ?? ''), expected)
  }
  const tags = Array.from({ length: 500 }, (_, index) => String.fromCodePoint(0xe0020 + (index % 2))).join('')
  t.match(markDeceptive(`a${tags}b`), /^a(?:⟨U\+E002[01]⟩){16}⟨\+484⟩b$/, 'more than 16 characters are only counted')
})

t.test('[DECEPTIVE2] emoji, variants of characters and joiners that a script needs are kept', async (t) => {
  for (const text of [
    'ok 👨\u200D👩\u200D👧\u200D👦 👩🏽\u200D💻 🏳\uFE0F\u200D🌈 🏴\u200D☠\uFE0F e\u0301',
    '🇨🇳 🇧🇷 1\uFE0F\u20E3 #\uFE0F\u20E3 ❤\uFE0F ⚠\uFE0E ©\uFE0F',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    'می\u200Cخواهم نامه\u200Cای ه\u200D.',
    'क्\u200Dष र्\u200Dय ශ්\u200Dරී',
    '葛\u{E0100}城市',
    'plain\ttext\r\n中文 é',
  ]) {
    t.equal(markDeceptive(text), text)
  }
  t.equal(markDeceptive('می\u200C\u200Cخ'), 'می⟨U+200C ×2⟩خ', 'only a single joiner is kept')
  t.equal(markDeceptive('🏴\u{E0061}\u{E007F}'), '🏴⟨U+E0061⟩⟨U+E007F⟩', 'an invalid flag is not kept')
  t.equal(markDeceptive('葛\u{E0100}\u{E0101}'), '葛\u{E0100}⟨U+E0101⟩')
})

t.test('[DECEPTIVE3] letters of another script are marked in addresses, and not in other text', async (t) => {
  for (const [text, expected] of [
    ['http://pаypal.com/x', 'http://pа⟨U+0430⟩ypal.com/x'],
    ['see www.gооgle.com.', 'see www.gо⟨U+043E⟩о⟨U+043E⟩gle.com.'],
    ['mail anna@micrоsoft.com', 'mail anna@micrо⟨U+043E⟩soft.com'],
    ['paypal.cоm', 'paypal.cо⟨U+043E⟩m'],
    ['https://аррӏе.com', 'https://а⟨U+0430⟩р⟨U+0440⟩р⟨U+0440⟩ӏ⟨U+04CF⟩е⟨U+0435⟩.com'],
    ['РАУРАӀ.com', 'Р⟨U+0420⟩А⟨U+0410⟩У⟨U+0423⟩Р⟨U+0420⟩А⟨U+0410⟩Ӏ⟨U+04C0⟩.com'],
    ['АРЕХ.com Арех.COM', 'А⟨U+0410⟩Р⟨U+0420⟩Е⟨U+0415⟩Х⟨U+0425⟩.com А⟨U+0410⟩р⟨U+0440⟩е⟨U+0435⟩х⟨U+0445⟩.COM'],
    ['ВОХ.com ΒΟΧ.com', 'В⟨U+0412⟩О⟨U+041E⟩Х⟨U+0425⟩.com Β⟨U+0392⟩Ο⟨U+039F⟩Χ⟨U+03A7⟩.com'],
    ['pаypal。com pаypal．com pаypal｡com', 'pа⟨U+0430⟩ypal。com pа⟨U+0430⟩ypal．com pа⟨U+0430⟩ypal｡com'],
    ['访问www。аре。com。', '访问www。а⟨U+0430⟩р⟨U+0440⟩е⟨U+0435⟩。com。'],
    ['http://lосalhost/', 'http://lо⟨U+043E⟩с⟨U+0441⟩alhost/'],
  ]) {
    t.equal(markDeceptive(text ?? ''), expected)
  }
  for (const text of [
    'пример.com отчёт.docx пример.рф Привет, мир. раssword',
    '访问evil.com。見てevil.example ですか',
    '5.2μm and ΔE.',
    'müller.de école.fr',
    'α.β',
    'Отчёт。com ПРИВЕТ.com 运行μTorrent。然后隔离 pаssword。',
  ]) {
    t.equal(markDeceptive(text), text)
  }
})

t.test('[DECEPTIVE1] marks can be removed, and JSON is escaped without a change of its value', async (t) => {
  t.equal(removeDeceptiveMarks(markDeceptive('pa\u00ADypal \u200B\u200B.com')), 'paypal .com')
  const value = { a: 'x\u202Ey\u{E0061} 👩🏽\u200D💻', 'k\u200B': 1 }
  const json = escapeHiddenInJson(JSON.stringify(value))
  t.same(JSON.parse(json), value)
  t.match(json, '"x\\u202ey\\udb40\\udc61 👩🏽\u200D💻"')
})
