import type { Command } from './command.ts'

// The table lists the npm commands that run programs of this repository, not tools such as tsc, and all programs of the
// image.

const DATA_OPTION = {
  type: 'string',
  placeholder: 'DIR',
  description: 'the data folder of a running `npm start`, used if DATABASE_URL and REDIS_URL aren’t set (.data)',
} as const

/** `npm start` and `npm run chaos` start at most this many processes of a kind on one machine. */
const MAX_PROCESSES = 64
/** Stands for no limit where a `max` or a `range` must be a number. */
const UNLIMITED_COUNT = 1_000_000
const MAX_INSTALLATION_PROCESSES = 10_000

const START_OPTIONS = {
  api: {
    type: 'string',
    placeholder: 'N',
    description: 'number of API nodes (1), which use the port and the next ones',
    range: [1, MAX_PROCESSES],
  },
  workers: { type: 'string', placeholder: 'N', description: 'number of workers (1)', range: [0, MAX_PROCESSES] },
  port: { type: 'string', placeholder: 'P', description: 'port of the first API node (5007)', range: [1, 65_535] },
  data: {
    type: 'string',
    placeholder: 'DIR',
    description: 'folder of the data, the logs and run.json',
    default: '.data',
  },
  fresh: { type: 'boolean', description: 'begins with empty data' },
  'no-demo': { type: 'boolean', description: 'creates only an admin, and no demo users and events' },
} satisfies Command['options']

const ENVIRONMENT_DETAILS = 'It is configured by environment variables, which docs/configuration.md lists.'

export const COMMANDS = {
  start: {
    script: 'npm start',
    summary: 'Runs the whole product on this machine until Ctrl-C.',
    options: START_OPTIONS,
  },
  dev: {
    script: 'npm run dev',
    summary: 'Runs the product on its sources: when one changes, the page reloads, or API nodes and workers restart.',
    options: START_OPTIONS,
  },
  test: {
    script: 'npm test',
    summary: 'Runs all tests, or those of the files, with a private MySQL and a private Redis.',
    positionals: { names: '[FILE…]', min: 0, max: UNLIMITED_COUNT },
    options: {
      grep: { type: 'string', short: 'g', placeholder: 'PATTERN', description: 'runs the tests whose titles match' },
      only: { type: 'boolean', short: 'O', description: 'runs the tests that are marked as only' },
      bail: { type: 'boolean', short: 'b', description: 'ends at the first failure' },
      jobs: {
        type: 'string',
        short: 'j',
        placeholder: 'N',
        description: 'number of test files that run at the same time',
        range: [1, 64],
      },
      timeout: {
        type: 'string',
        short: 't',
        placeholder: 'SECONDS',
        description: 'time limit of a test file',
        range: [0, 86_400],
      },
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
      for: { type: 'string', description: 'the programs to write', choices: ['image', 'start'], default: 'image' },
      out: {
        type: 'string',
        placeholder: 'DIR',
        description: 'the folder (dist); only the default one is emptied first',
      },
    },
  },
  ask: {
    script: 'npm run ask',
    summary: 'Asks the running product a question, and shows the answer while it is written.',
    positionals: { names: '"QUESTION"', min: 0, max: UNLIMITED_COUNT },
    options: {
      user: { type: 'string', placeholder: 'NAME', description: 'asks as this user', default: 'alice' },
      event: { type: 'string', placeholder: 'ID', description: 'asks in this event (the demo’s)' },
      session: { type: 'string', placeholder: 'new|ID', description: 'asks in this session (the active one)' },
      data: {
        type: 'string',
        placeholder: 'DIR',
        description: 'the data folder of a running `npm start`',
        default: '.data',
      },
      url: { type: 'string', placeholder: 'URL', description: 'asks the product at this address instead' },
      'password-file': {
        type: 'string',
        placeholder: 'FILE',
        description: 'with --url: the user’s password is one line of a file',
      },
    },
  },
  chaos: {
    script: 'npm run chaos',
    summary:
      'Starts a separate product, breaks its parts under load, and checks that it kept its promises: docs/chaos.md.',
    options: {
      seed: {
        type: 'string',
        placeholder: 'N',
        description: 'seed of the faults and their times (random)',
        range: [0, 2 ** 31],
      },
      minutes: { type: 'string', placeholder: 'N', description: 'duration', default: '5', range: [1, 100_000] },
      apis: {
        type: 'string',
        placeholder: 'N',
        description: 'number of API nodes',
        default: '3',
        range: [1, MAX_PROCESSES],
      },
      workers: {
        type: 'string',
        placeholder: 'N',
        description: 'number of workers',
        default: '3',
        range: [1, MAX_PROCESSES],
      },
      redis: {
        type: 'string',
        description: 'the form of Redis',
        choices: ['single', 'sentinel', 'cluster'],
        default: 'single',
      },
      'answer-margin': {
        type: 'string',
        placeholder: 'MS',
        description: 'how much later than promised an answer may come while Redis is down (set more on a busy machine)',
        default: '2000',
        range: [0, 60_000],
      },
      report: {
        type: 'string',
        placeholder: 'FILE',
        description: 'file of the full report',
        default: 'chaos-report.json',
      },
    },
  },
  bench: {
    script: 'npm run bench',
    summary: 'Measures ways to do the same thing (contenders) in turn, and prints their ratios: docs/performance.md.',
    positionals: { names: '[NAME…]', min: 0, max: UNLIMITED_COUNT },
    options: {
      long: { type: 'boolean', description: 'measures longer, which makes the spread smaller' },
      rows: {
        type: 'string',
        placeholder: 'N',
        description: 'number of rows in the bench `retention` (200000, or 5000000 with --long)',
        range: [1_000, 1_000_000_000],
      },
      markdown: { type: 'boolean', description: 'measures nothing, and prints the stored results as Markdown' },
    },
  },
  'dead-letters': {
    script: 'npm run dead-letters',
    program: 'dead-letters',
    summary: 'Lists replies that ended as an error, the newest first. --retry asks them again. It needs only MySQL.',
    options: {
      code: {
        type: 'string',
        placeholder: 'CODE',
        description: 'lists only those with this error code, such as llm_unreachable',
      },
      limit: {
        type: 'string',
        placeholder: 'N',
        description: 'lists at most this many',
        default: '100',
        range: [1, UNLIMITED_COUNT],
      },
      all: { type: 'boolean', description: 'lists all of them' },
      retry: { type: 'boolean', description: 'asks the listed questions again, each within its asker’s budget' },
      data: DATA_OPTION,
    },
  },
  trace: {
    script: 'npm run trace',
    program: 'trace',
    summary: `Prints the history of a question in order of time. ID is the id of a request, a question or a reply. The data comes
from MySQL and, if they are given, from the logs of API nodes and workers. No text of a message is printed.`,
    positionals: { names: 'ID', min: 1, max: 1 },
    options: {
      logs: {
        type: 'string',
        multiple: true,
        placeholder: 'FILE',
        description: 'a log file, or - for standard input; may be repeated',
      },
      data: DATA_OPTION,
    },
    details: 'docker compose logs --no-color api worker | npm run trace -- ID --logs=-',
  },
  indicators: {
    script: 'npm run indicators',
    program: 'indicators',
    summary: 'Prints how many rooms have not been searched for indicators yet. It needs only MySQL.',
    options: {
      rebuild: {
        type: 'boolean',
        description: 'makes the workers search all rooms again, for example after an update that finds more indicators',
      },
      event: { type: 'string', placeholder: 'ID', description: 'with --rebuild: only the room of this event' },
      data: DATA_OPTION,
    },
  },
  'text-index': {
    script: 'npm run text-index',
    program: 'text-index',
    summary: 'Prints how many rooms are not indexed for the ranking of messages yet. It needs only MySQL.',
    options: {
      rebuild: {
        type: 'boolean',
        description: 'makes the workers index all rooms and documents again, for example after a change of the rules',
      },
      event: { type: 'string', placeholder: 'ID', description: 'with --rebuild: only the room of this event' },
      data: DATA_OPTION,
    },
  },
  partitions: {
    script: 'npm run partitions',
    program: 'partitions',
    summary: 'Says how the audit and the calls to models are stored: in one piece, or by month.',
    options: {
      divide: {
        type: 'boolean',
        description: 'moves them into months while they are in use; a run that was ended is continued by the next',
      },
      batch: {
        type: 'string',
        placeholder: 'ROWS',
        description: 'with --divide: one statement copies at most this many rows',
        default: '5000',
        range: [1, 100_000],
      },
      share: {
        type: 'string',
        placeholder: 'PERCENT',
        description: 'with --divide: percentage of the time in which it works',
        default: '50',
        range: [1, 100],
      },
      'drop-old': {
        type: 'boolean',
        description: 'with --divide: drops the old table even if some of its rows are not in the new one',
      },
      'verify-archive': { type: 'boolean', description: 'reads every file of ARCHIVE_DIR again and compares its hash' },
      data: DATA_OPTION,
    },
    details: `It changes tables by DATABASE_ADMIN_URL, or by DATABASE_URL if that account may.
Exit codes: 0 all is well, 1 something must be done.`,
  },
  doctor: {
    script: 'npm run doctor',
    program: 'doctor',
    summary: 'Checks the configuration, the servers and the models, and names a fix for each failure.',
    options: {
      data: DATA_OPTION,
      api: {
        type: 'string',
        placeholder: 'N',
        description: 'number of API nodes, to check the connection limit of MySQL (those of `npm start`, or 1)',
        range: [1, MAX_INSTALLATION_PROCESSES],
      },
      workers: {
        type: 'string',
        placeholder: 'N',
        description: 'number of workers, to check the connection limit of MySQL (those of `npm start`, or 1)',
        range: [0, MAX_INSTALLATION_PROCESSES],
      },
    },
    details: 'Exit codes: 0 no failure, 1 something must be fixed.',
  },
  floors: {
    script: 'npm run floors',
    summary: 'Updates .biome.jsonc and CONTRIBUTING.md from floors.json.',
    options: {},
  },
  docs: {
    script: 'npm run docs',
    summary: 'Writes the generated documents of docs/.',
    options: {
      check: {
        type: 'boolean',
        description: 'writes nothing and lists the stale documents; exit code 1 if there is one',
      },
    },
  },
  backup: {
    script: 'npm run backup',
    program: 'backup',
    summary: 'Writes a dump of the database that DATABASE_URL names, while it is in use.',
    positionals: { names: 'FILE.sql.gz', min: 1, max: 1 },
    options: { data: DATA_OPTION },
    details: 'With - as FILE it writes to standard output. It runs mariadb-dump or mysqldump, which the image has.',
  },
  restore: {
    script: 'npm run restore',
    program: 'restore',
    summary: 'Fills the database that DATABASE_URL names, if it is empty. The result is a separate installation.',
    positionals: { names: 'FILE.sql.gz', min: 1, max: 1 },
    options: {},
    details: 'With - as FILE it reads standard input. It runs mariadb or mysql, which the image has.',
  },
  migrate: {
    script: 'npm run migrate',
    program: 'migrate',
    summary: 'Migrates the database to this version, and creates the first administrator if ADMIN_USERNAME names one.',
    options: {},
    details: ENVIRONMENT_DETAILS,
  },
  user: {
    script: 'npm run user',
    program: 'user',
    summary: `Manages the users of the database that DATABASE_URL names:

  create NAME --role=ROLE  creates a user: an admin, an engineer or an agent
  list [--json]            shows all users
  reset-password NAME      sets a new password, and ends the user's sign-ins and sockets
  deactivate NAME          locks the user out, and ends their sign-ins and sockets

A password is never an argument, because other users of the machine can read those. create and reset-password ask for it
on the terminal, or take one of the three options for it.`,
    positionals: { names: 'COMMAND [NAME]', min: 0, max: UNLIMITED_COUNT },
    options: {
      role: { type: 'string', placeholder: 'ROLE', description: 'admin, engineer or agent' },
      json: { type: 'boolean', description: 'lists as JSON' },
      'password-stdin': { type: 'boolean', description: 'the password is one line of standard input' },
      'password-file': { type: 'string', placeholder: 'FILE', description: 'the password is one line of a file' },
      'generate-password': { type: 'boolean', description: 'the password is a random one, which is printed once' },
      data: DATA_OPTION,
    },
    details: `It needs only MySQL, and writes its actions to the audit log as "command-line".
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 78 wrong configuration, 130 stopped by Ctrl-C.`,
  },
  screenshots: {
    script: 'npm run screenshots',
    summary: 'Starts a separate product and takes the screenshots in docs/screenshots again.',
    options: {},
  },
  api: { program: 'api', summary: 'Runs an API node.', options: {}, details: ENVIRONMENT_DETAILS },
  worker: { program: 'worker', summary: 'Runs a worker.', options: {}, details: ENVIRONMENT_DETAILS },
} satisfies Record<string, Command>

export type CommandName = keyof typeof COMMANDS
