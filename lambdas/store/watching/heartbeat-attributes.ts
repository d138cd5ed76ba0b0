/*
 * The names of a heartbeat item's attributes. They are short because every ping writes and every
 * sweep reads the item: under 1 KB it is one write unit, and its size is what a sweep costs. They
 * stand here and nowhere else. Each is a constant of its own, which a bundle shortens as well, and
 * none is a reserved word of DynamoDB, so expressions take them as they are.
 */

export const id = 'id'
export const version = 'v'
export const tombstone = 'z'
export const expiresAt = 'e'
export const period = 'P'
export const cron = 'C'
export const calendar = 'O'
export const timeZone = 'Z'
export const grace = 'G'
export const methods = 'M'
export const manualResume = 'm'
export const bodyRules = 'x'
export const status = 's'
export const lastPingAt = 'p'
export const startedAt = 't'
export const runId = 'r'
export const duration = 'd'
export const count = 'n'
export const requestId = 'q'
export const lastPing = 'c'
export const acknowledged = 'a'
export const downSince = 'w'
export const downCount = 'W'
export const downCause = 'y'
export const upSince = 'u'
export const upCount = 'U'
export const idleSince = 'h'
export const idleCount = 'H'
export const notedAt = 'f'
export const lostAt = 'L'
