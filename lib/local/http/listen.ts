import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { StartError } from '../start-error.ts'

export type Listener = { readonly port: number; close(): Promise<void> }

/** Longer than clients keep a connection that they do not use, so that the client closes it. */
const KEEP_ALIVE_MS = 65_000

/**
 * Serves HTTP on the loopback interface; port 0 takes any that is free.
 * @throws StartError when the port is in use.
 */
export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  report: (text: string) => void,
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The client has gone away.
      if (request.destroyed && !request.complete) return
      report(error instanceof Error ? (error.stack ?? error.message) : String(error))
      fail(response, error)
    })
  })
  await bound(server, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function bound(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `can't be had: ${error.message}`
      reject(new StartError(`the port ${port} ${reason}; set PORT to another`))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(500, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
}
