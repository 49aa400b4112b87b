import type { Command } from './command.ts'

// All commands of package.json that run a script of ours, and all programs of the image, with their options.

const DATA = {
  type: 'string',
  value: 'DIR',
  text: 'the data folder of the `npm start` to work on, used if DATABASE_URL and REDIS_URL aren’t set (.data)',
} as const

const MAX_PROCESSES = 64
const MANY = 1_000_000
const MAX_INSTALLATION = 10_000

const START = {
  api: {
    type: 'string',
    value: 'N',
    text: 'API nodes, on the port and the ones after it (1)',
    range: [1, MAX_PROCESSES],
  },
  workers: { type: 'string', value: 'N', text: 'workers (1)', range: [0, MAX_PROCESSES] },
  port: { type: 'string', value: 'P', text: 'where the first API node listens (5007)', range: [1, 65_535] },
  data: { type: 'string', value: 'DIR', text: 'where data, logs and run.json are kept', default: '.data' },
  fresh: { type: 'boolean', text: 'begins with empty data' },
  'no-demo': { type: 'boolean', text: 'no demo users and events: an admin alone' },
} satisfies Command['options']

const ENVIRONMENT = 'It is set by environment variables, which docs/configuration.md lists.'

export const COMMANDS = {
  start: { script: 'npm start', summary: 'Runs the whole product on this machine until Ctrl-C.', options: START },
  dev: {
    script: 'npm run dev',
    summary: 'Runs the product on its sources: the page reloads, API nodes and workers restart when one changes.',
    options: START,
  },
  test: {
    script: 'npm test',
    summary: 'Runs all tests, or those of the files, with a private MySQL and a private Redis.',
    positionals: { names: '[FILE…]', min: 0, max: MANY },
    options: {
      grep: { type: 'string', short: 'g', value: 'PATTERN', text: 'runs the tests whose titles match' },
      only: { type: 'boolean', short: 'O', text: 'runs the tests that are marked as only' },
      bail: { type: 'boolean', short: 'b', text: 'ends at the first failure' },
      jobs: { type: 'string', short: 'j', value: 'N', text: 'test files at once', range: [1, 64] },
      timeout: { type: 'string', short: 't', value: 'SECONDS', text: 'limit of a file', range: [0, 86_400] },
    },
  },
  check: {
    script: 'npm run check',
    summary: 'Runs what CI runs: format, lint, types, builds, dead code and all tests.',
    options: {},
  },
  bundle: {
    script: 'npm run bundle',
    summary: 'Writes the programs of the image, or those of `npm start`.',
    options: {
      for: { type: 'string', text: 'whose programs', choices: ['image', 'start'], default: 'image' },
      out: { type: 'string', value: 'DIR', text: 'the folder (dist); only the default one is emptied first' },
    },
  },
  ask: {
    script: 'npm run ask',
    summary: 'Asks the running product a question, and shows the answer while it is written.',
    positionals: { names: '"what should we contain first?"', min: 0, max: MANY },
    options: {
      user: { type: 'string', value: 'NAME', text: 'asks as this user of the demo', default: 'alice' },
      event: { type: 'string', value: 'ID', text: 'asks in this event (the demo’s)' },
      session: { type: 'string', value: 'new|ID', text: 'asks in this session (the active one)' },
      data: { type: 'string', value: 'DIR', text: 'the data folder of the `npm start` to ask', default: '.data' },
    },
  },
  chaos: {
    script: 'npm run chaos',
    summary:
      'Starts a separate product, breaks its parts under load, and checks that it kept its promises: docs/chaos.md.',
    options: {
      seed: { type: 'string', value: 'N', text: 'decides what is broken when (a random one)', range: [0, 2 ** 31] },
      minutes: { type: 'string', value: 'N', text: 'how long it lasts', default: '5', range: [1, 100_000] },
      apis: { type: 'string', value: 'N', text: 'API nodes', default: '3', range: [1, MAX_PROCESSES] },
      workers: { type: 'string', value: 'N', text: 'workers', default: '3', range: [1, MAX_PROCESSES] },
      redis: {
        type: 'string',
        text: 'the form of Redis',
        choices: ['single', 'sentinel', 'cluster'],
        default: 'single',
      },
      'answer-margin': {
        type: 'string',
        value: 'MS',
        text: 'how much later than promised an answer may come while Redis is away, on a busy machine',
        default: '2000',
        range: [0, 60_000],
      },
      report: { type: 'string', value: 'FILE', text: 'where the full report goes', default: 'chaos-report.json' },
    },
  },
  bench: {
    script: 'npm run bench',
    summary: 'Measures contenders, ways to do the same thing, in turn and prints their ratios: docs/performance.md.',
    positionals: { names: '[NAME…]', min: 0, max: MANY },
    options: {
      long: { type: 'boolean', text: 'measures longer, for smaller spreads' },
      markdown: { type: 'boolean', text: 'measures nothing, and prints what was measured before as Markdown' },
    },
  },
  'dead-letters': {
    script: 'npm run dead-letters',
    program: 'dead-letters',
    summary: 'Lists replies that ended as an error, the newest first, and asks them again. It needs MySQL alone.',
    options: {
      code: { type: 'string', value: 'CODE', text: 'only those that failed with this code, such as llm_unreachable' },
      limit: { type: 'string', value: 'N', text: 'at most this many', default: '100', range: [1, MANY] },
      all: { type: 'boolean', text: 'all of them' },
      retry: { type: 'boolean', text: 'asks the listed questions again, each within its asker’s budget' },
      data: DATA,
    },
  },
  trace: {
    script: 'npm run trace',
    program: 'trace',
    summary: `Prints a question's life in order of time, by the id of a request, a question or a reply: from MySQL and, where
given, from the logs of API nodes and workers. It prints ids, numbers and codes, and no text.`,
    positionals: { names: 'ID', min: 1, max: 1 },
    options: {
      logs: {
        type: 'string',
        multiple: true,
        value: 'FILE',
        text: 'a file of logs, or - for standard input; may be repeated',
      },
      data: DATA,
    },
    details: 'docker compose logs --no-color api worker | npm run trace -- ID --logs=-',
  },
  indicators: {
    script: 'npm run indicators',
    program: 'indicators',
    summary: 'Says how many rooms no worker has read for indicators yet. It needs MySQL alone.',
    options: {
      rebuild: {
        type: 'boolean',
        text: 'lets the workers read messages and reports again, for example after an update that finds more indicators',
      },
      event: { type: 'string', value: 'ID', text: 'rebuilds the room of this event alone' },
      data: DATA,
    },
  },
  'text-index': {
    script: 'npm run text-index',
    program: 'text-index',
    summary: 'Says how many rooms no worker has read for the ranking of messages yet. It needs MySQL alone.',
    options: {
      rebuild: {
        type: 'boolean',
        text: 'lets the workers read messages and documents again, for example after a better rule',
      },
      event: { type: 'string', value: 'ID', text: 'rebuilds the room of this event alone' },
      data: DATA,
    },
  },
  doctor: {
    script: 'npm run doctor',
    program: 'doctor',
    summary: 'Checks the configuration, the servers and the models, and gives a fix for each failure.',
    options: {
      data: DATA,
      api: {
        type: 'string',
        value: 'N',
        text: 'API nodes of the installation, whose connections MySQL must have (those of `npm start`, or 1)',
        range: [1, MAX_INSTALLATION],
      },
      workers: { type: 'string', value: 'N', text: 'its workers, likewise', range: [0, MAX_INSTALLATION] },
    },
    details: 'Exit codes: 0 all is well, 1 something must be fixed.',
  },
  floors: {
    script: 'npm run floors',
    summary: 'Writes what floors.json says into .biome.jsonc and CONTRIBUTING.md.',
    options: {},
  },
  docs: {
    script: 'npm run docs',
    summary: 'Writes the generated documents of docs/.',
    options: { check: { type: 'boolean', text: 'only says which are stale; exit code 1 if one is' } },
  },
  backup: {
    script: 'npm run backup',
    program: 'backup',
    summary: 'Writes a dump of the database that DATABASE_URL names, while it is in use.',
    positionals: { names: 'FILE.sql.gz', min: 1, max: 1 },
    options: { data: DATA },
    details: '- as the file is standard output. It runs mariadb-dump or mysqldump, which the image has.',
  },
  restore: {
    script: 'npm run restore',
    program: 'restore',
    summary: 'Fills the database that DATABASE_URL names, if it is empty. It is then an installation of its own.',
    positionals: { names: 'FILE.sql.gz', min: 1, max: 1 },
    options: {},
    details: '- as the file is standard input. It runs mariadb or mysql, which the image has.',
  },
  migrate: {
    script: 'npm run migrate',
    program: 'migrate',
    summary: 'Brings the database up to this version, and creates the first administrator where one is named.',
    options: {},
    details: ENVIRONMENT,
  },
  user: {
    script: 'npm run user',
    program: 'user',
    summary: `Manages the users of the database that DATABASE_URL names:

  create NAME --role=ROLE  creates a user: an admin, an engineer or an agent
  list [--json]            shows all users
  reset-password NAME      sets another password, and ends the user's sign-ins and sockets
  deactivate NAME          locks the user out, and ends their sign-ins and sockets

A password is never an argument, because other users of the machine can read those. create and reset-password ask for it
on the terminal, or take one of the three options for it.`,
    positionals: { names: 'COMMAND [NAME]', min: 0, max: MANY },
    options: {
      role: { type: 'string', value: 'ROLE', text: 'admin, engineer or agent' },
      json: { type: 'boolean', text: 'lists as JSON' },
      'password-stdin': { type: 'boolean', text: 'the password is one line of standard input' },
      'password-file': { type: 'string', value: 'FILE', text: 'the password is one line of a file' },
      'generate-password': { type: 'boolean', text: 'the password is a random one, which is printed once' },
      data: DATA,
    },
    details: `It needs MySQL alone, and writes what it does to the audit as "command-line".
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 78 wrong configuration, 130 stopped by Ctrl-C.`,
  },
  screenshots: {
    script: 'npm run screenshots',
    summary: 'Takes the screenshots in docs/screenshots again, from a separate product that it starts.',
    options: {},
  },
  api: { program: 'api', summary: 'Runs an API node.', options: {}, details: ENVIRONMENT },
  worker: { program: 'worker', summary: 'Runs a worker.', options: {}, details: ENVIRONMENT },
} satisfies Record<string, Command>

export type CommandName = keyof typeof COMMANDS
