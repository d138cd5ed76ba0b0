import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Connection } from '../../lambdas/mirror/sql/connection.ts'
import { connectToMysql } from '../../lambdas/mirror/sql/mysql.ts'
import { connectToPostgres } from '../../lambdas/mirror/sql/postgres.ts'
import type { SqlEngine } from '../../lambdas/mirror/sql/statements.ts'
import {
  type Certificate,
  installed,
  runToEnd,
  type ServerUser,
  startProgram,
  userNamed,
} from './programs.ts'

export type ServerPlace = {
  readonly folder: string
  readonly port: number
  /** With it the server speaks TLS to those who ask for it. */
  readonly certificate: Certificate | undefined
}

/** A program that is a database server. */
export type Product = {
  readonly engine: SqlEngine
  readonly user: ServerUser
  /** Makes an empty database in the folder. */
  prepare(place: ServerPlace): void
  start(place: ServerPlace): ChildProcess
  /** Connects as the owner of all. */
  connect(port: number): Promise<Connection>
  url(port: number): string
}

/** Those that are installed here. */
export function products(): readonly Product[] {
  return [mariadb(), postgres()].filter((product) => product !== undefined)
}

const host = '127.0.0.1'
const local = { host, password: '', isProven: false, isToken: false } as const

/** Debian's MariaDB; undefined where it is not installed. */
export function mariadb(): Product | undefined {
  const server = installed('/usr/sbin/mariadbd', '/usr/sbin/mysqld')
  const install = installed('/usr/bin/mariadb-install-db', '/usr/bin/mysql_install_db')
  if (server === undefined || install === undefined) return undefined
  const user = userNamed('mysql')
  const dataOf = (folder: string) => ['--no-defaults', `--datadir=${join(folder, 'data')}`]
  return {
    engine: 'mysql',
    user,
    prepare: ({ folder }) => {
      const quick = ['--skip-test-db', '--auth-root-authentication-method=normal']
      runToEnd(install, [...dataOf(folder), ...quick], user)
      writeFileSync(join(folder, 'init'), 'CREATE DATABASE IF NOT EXISTS app;')
    },
    start: ({ folder, port, certificate: tls }) =>
      startProgram(
        server,
        [
          ...dataOf(folder),
          `--socket=${join(folder, 'socket')}`,
          `--pid-file=${join(folder, 'pid')}`,
          `--init-file=${join(folder, 'init')}`,
          `--port=${port}`,
          `--bind-address=${host}`,
          // What is committed outlives the server, if not the machine.
          '--innodb-flush-log-at-trx-commit=2',
          '--innodb-buffer-pool-size=64M',
          ...(tls === undefined ? [] : [`--ssl-key=${tls.key}`, `--ssl-cert=${tls.certificate}`]),
        ],
        user,
      ),
    connect: (port) => connectToMysql({ ...local, port, user: 'root', database: 'app' }),
    url: (port) => `mysql://overdue:secret@${host}:${port}/app`,
  }
}

/** Debian's PostgreSQL, which refuses root. */
export function postgres(): Product | undefined {
  const server = installed('/usr/lib/postgresql/*/bin/postgres')
  if (server === undefined) return undefined
  const user = userNamed('postgres')
  const dataOf = (folder: string) => join(folder, 'data')
  return {
    engine: 'postgres',
    user,
    prepare: ({ folder }) => {
      const trusted = ['--auth=trust', '--username=root', '--no-sync', '--encoding=UTF8']
      runToEnd(join(dirname(server), 'initdb'), ['-D', dataOf(folder), ...trusted], user)
    },
    start: ({ folder, port, certificate: tls }) => {
      const quick = ['-c', 'fsync=off']
      const files = tls && [
        '-c',
        `ssl_key_file=${tls.key}`,
        '-c',
        `ssl_cert_file=${tls.certificate}`,
      ]
      const speaksTls = files === undefined ? [] : ['-c', 'ssl=on', ...files]
      const place = ['-D', dataOf(folder), '-h', host, '-p', String(port), '-k', folder]
      return startProgram(server, [...place, ...quick, ...speaksTls], user)
    },
    connect: (port) => connectToPostgres({ ...local, port, user: 'root', database: 'postgres' }),
    url: (port) => `postgres://overdue:secret@${host}:${port}/postgres`,
  }
}
