'use strict'
// rpc.js --bootstrap host:port [--open] [--any-host] [--no-keep-alive]
// An @hyperswarm/rpc peer that prints one JSON object per event. Commands on stdin, one JSON object a line:
//   {"op":"serve","seed":HEX,"capability":HEX,"channel":true}   {"op":"call","key":HEX,"method":NAME,"value":HEX,"capability":HEX,"count":N,"pooled":true}
//   "channel": a channel named test beside the one of RPC, which answers each text with "hello client"
//   With --busy-once it has no room for the first search for random ports, tells its client to try later and prints "try-later".
//   With --no-keep-alive an empty message, as remotes send to keep a connection alive, is printed as the event "empty".
//   {"op":"event","key":HEX,"method":NAME,"value":HEX}
//   {"op":"keep",...} as call, one call after another until one fails, so that one is always out
const RPC = require('@hyperswarm/rpc')
const DHT = require('hyperdht')
const readline = require('readline')
const c = require('compact-encoding')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const buf = (text) => text === undefined ? null : Buffer.from(text, 'hex')
const hex = (bytes) => bytes === null ? null : Buffer.from(bytes).toString('hex')

const [host, port] = option('bootstrap').split(':')
const options = { port: 0, bootstrap: [{ host, port: Number(port) }] }
if (!process.argv.includes('--any-host')) options.host = '127.0.0.1'
if (process.argv.includes('--open')) options.firewalled = false
const keepsAlive = !process.argv.includes('--no-keep-alive')
if (!keepsAlive) options.connectionKeepAlive = false
const dht = new DHT(options)
const rpc = new RPC({ dht, keyPair: DHT.keyPair(Buffer.alloc(32, 9)) })
const clients = new Map()
if (process.argv.includes('--busy-once')) refuseFirstSearch()

// As if a search for random ports were under way until the first client has been told to try later.
function refuseFirstSearch () {
  const punches = dht.stats.punches
  let count = 0
  dht._randomPunchLimit = 0
  Object.defineProperty(punches, 'tryLater', {
    get: () => count,
    set: (value) => {
      count = value
      dht._randomPunchLimit = 1
      print('try-later', { count })
    }
  })
}

function watch (stream) {
  if (!keepsAlive) stream.on('data', (message) => { if (message.byteLength === 0) print('empty', {}) })
}

function offerChannel (mux) {
  const channel = mux.createChannel({ protocol: 'test' })
  const text = channel.addMessage({ encoding: c.string, onmessage: (said) => { print('said', { text: said }); text.send('hello client') } })
  channel.open()
}

async function serve (message) {
  const server = rpc.createServer({ capability: buf(message.capability) })
  server.on('connection', (session) => {
    watch(session.stream)
    if (message.channel) offerChannel(session.mux)
    print('connection', { key: hex(session.stream.remotePublicKey) })
  })
  server.respond('echo', (value) => value)
  server.respond('note', (value) => print('noted', { value: hex(value) }))
  server.respond('null', () => null)
  server.respond('moved', (value, request) => new Promise((resolve) => request.stream.rawStream.once('remote-changed', () => resolve(value))))
  server.respond('slow', (value) => new Promise((resolve) => setTimeout(resolve, 300, value)))
  server.respond('fail', () => { throw Object.assign(new Error('on purpose'), { code: 'PURPOSE', context: 'a test' }) })
  await server.listen(DHT.keyPair(buf(message.seed)))
  print('serving', { publicKey: hex(server.publicKey) })
}

function client (message) {
  if (message.pooled) return { request: (...args) => rpc.request(buf(message.key), ...args), event: (...args) => rpc.event(buf(message.key), ...args) }
  if (!clients.has(message.key)) {
    const made = rpc.connect(buf(message.key), { capability: buf(message.capability) })
    made.on('close', () => clients.delete(message.key))
    if (made.stream) {
      watch(made.stream)
      made.stream.on('error', (err) => print('lost', { code: err.code }))
    }
    clients.set(message.key, made)
  }
  return clients.get(message.key)
}

async function call (message) {
  const to = client(message)
  try {
    const calls = Array.from({ length: message.count || 1 }, () => to.request(message.method, buf(message.value), { timeout: 20000 }))
    const values = await Promise.all(calls)
    print('answer', { value: hex(values[0]), same: values.every((value) => hex(value) === hex(values[0])), count: values.length })
  } catch (err) {
    const cause = err.cause ? { message: err.cause.message, code: err.cause.code, context: err.cause.context } : null
    print('failed', { code: err.code, message: err.message, cause })
  }
}

async function keep (message) {
  const to = client(message)
  for (let answered = 0; ; answered++) {
    await to.request(message.method, buf(message.value), { timeout: 20000 })
    if (answered === 0) print('kept', {})
  }
}

async function handle (message) {
  if (message.op === 'serve') return serve(message)
  if (message.op === 'call') return call(message)
  if (message.op === 'keep') return keep(message)
  client(message).event(message.method, buf(message.value))
  print('sent', {})
}

dht.fullyBootstrapped().then(() => {
  print('ready', {})
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => handle(JSON.parse(line)).catch((err) => print('failed', { message: err.message, code: err.code })))
    .on('close', () => process.exit(0))
})
