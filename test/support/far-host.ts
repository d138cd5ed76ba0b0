import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

/**
 * A host whose connections take a second to come about, as one does that is far away, only more so.
 */
export type FarHost = { readonly port: number; stop(): Promise<void> }

/**
 * Its queue of connections is full for some time, so the kernel drops the first try of each further
 * one and makes the next one a second later (`tcp_syn_retries`); by then there is room.
 */
export async function startFarHost(): Promise<FarHost> {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(server, { eval: true, workerData: gate })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const fillers = await fill(port)
  setTimeout(() => Atomics.notify(gate, 0), FULL_MS)
  return {
    port,
    async stop() {
      for (const filler of fillers) filler.destroy()
      await worker.terminate()
    },
  }
}

/** Longer than Node tries an address, and less than the kernel waits. */
const FULL_MS = 700

/** Answers as soon as it is let through. */
const server = `
  const { parentPort, workerData } = require('node:worker_threads')
  const server = require('node:http').createServer((request, response) => response.end('far'))
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(workerData, 0, 0)
  })`

/** Two have room in a queue of one. */
async function fill(port: number): Promise<readonly Socket[]> {
  const fillers = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  await Promise.all(
    fillers.map((filler) => new Promise((resolve) => filler.once('connect', resolve))),
  )
  return fillers
}
