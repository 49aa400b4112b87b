import { createSection, Switch, WholeNumber } from '../variable-types.ts'

export const rateLimitsSection = createSection('Rate limits', {
  isEnabled: Switch('RATE_LIMIT_ENABLED', {
    description: '`false` switches request limits off, for load tests. Size limits stay.',
    default: true,
    example: 'false',
  }),
  sendsPerMinute: WholeNumber('RATE_LIMIT_SENDS_PER_MINUTE', {
    description: 'One user may ask this many questions.',
    unit: 'requests per minute',
    default: 120,
    minimum: 1,
    example: '120',
  }),
  requestsPerMinute: WholeNumber('RATE_LIMIT_REQUESTS_PER_MINUTE', {
    description: 'One user may send this many other requests.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  searchesPerMinute: WholeNumber('RATE_LIMIT_SEARCHES_PER_MINUTE', {
    description: 'One user may run this many searches. Each reads up to `SEARCH_MAX_MESSAGES` messages.',
    unit: 'requests per minute',
    default: 60,
    minimum: 1,
    example: '60',
  }),
  previewsPerMinute: WholeNumber('RATE_LIMIT_PREVIEWS_PER_MINUTE', {
    description: 'One user may preview this many questions.',
    unit: 'requests per minute',
    default: 30,
    minimum: 1,
    example: '30',
  }),
  exportsPerMinute: WholeNumber('RATE_LIMIT_EXPORTS_PER_MINUTE', {
    description: 'One user may export this many rooms. Each export reads a whole room.',
    unit: 'requests per minute',
    default: 6,
    minimum: 1,
    example: '6',
  }),
  unknownCallersPerMinute: WholeNumber('RATE_LIMIT_ADDRESS_PER_MINUTE', {
    description: 'One address may send this many requests without a valid sign-in: logins, refreshes, and bad tokens.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  loginsPerMinute: WholeNumber('RATE_LIMIT_LOGINS_PER_MINUTE', {
    description: 'One address may try to log in with one name this many times.',
    unit: 'requests per minute',
    default: 10,
    minimum: 1,
    example: '10',
  }),
  loginsPerHour: WholeNumber('RATE_LIMIT_NAME_PER_HOUR', {
    description:
      'All unknown devices and networks together may try to log in with one name this many times. A device or network that signed in with the name before has this limit for itself.',
    unit: 'requests per hour',
    default: 100,
    minimum: 1,
    example: '100',
  }),
})
