'use strict'
// hyperdht.js --bootstrap host:port [--count N] [--persistent] [--open] [--host ADDRESS]
// Runs hyperdht nodes and prints one JSON object per event. Commands on stdin, one JSON object a line:
//   {"op":"listen","seed":HEX}  {"op":"connect","key":HEX,"data":HEX}  {"op":"close","key":HEX}  {"op":"announce","topic":HEX,"seed":HEX}
//   {"op":"unannounce",...}  {"op":"lookup","topic":HEX}  {"op":"findPeer","key":HEX}  {"op":"putImmutable","value":HEX}
//   {"op":"getImmutable","hash":HEX}  {"op":"putMutable","seed":HEX,"seq":N,"value":HEX}  {"op":"getMutable","key":HEX}
//   {"op":"pool","seed":HEX} a server in a pool of connections  {"op":"pooled","seed":HEX,"key":HEX} dials through that pool
//   {"op":"suspend"} or {"op":"resume"} the node, or the server with "key":HEX
//   "reusable":true on listen or connect: without a way inside the network, and over the socket of the last connection
//   {"op":"relay","seed":HEX} a blind relay on an open node of its own; "relayThrough":KEY on listen or connect, which then takes no other way
// each with "node":N for the node that does it. Connections carry a protomux channel "echo" that returns its messages.
const HyperDHT = require('hyperdht')
const blindRelay = require('blind-relay')
const Protomux = require('protomux')
const c = require('compact-encoding')
const readline = require('readline')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const flag = (name) => process.argv.includes('--' + name)
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const hex = (bytes) => bytes ? Buffer.from(bytes).toString('hex') : null
const buf = (text) => Buffer.from(text, 'hex')
const address = (at) => at.host + ':' + at.port
const nodes = []
const servers = new Map()
let pool = null

function create (isOpen = flag('open')) {
  const [host, port] = option('bootstrap').split(':')
  const opts = { host: option('host') || '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] }
  if (flag('persistent')) opts.ephemeral = false
  if (isOpen) opts.firewalled = false
  return new HyperDHT(opts)
}

function openEcho (stream, onmessage) {
  const channel = Protomux.from(stream).createChannel({ protocol: 'echo' })
  const message = channel.addMessage({ encoding: c.raw, onmessage: (bytes) => onmessage(message, bytes) })
  channel.open()
  return message
}

async function listen (node, index, seed, through, reusable) {
  const relayed = through ? { holepunch: false, shareLocalAddress: false, relayThrough: through === 'any' ? null : buf(through) } : {}
  if (reusable) Object.assign(relayed, { reusableSocket: true, shareLocalAddress: false })
  const server = node.createServer({ firewall: (key) => hex(key) === listen.refused, ...relayed }, (stream) => {
    print('connection', { node: index, key: hex(stream.remotePublicKey) })
    stream.on('error', () => {})
    stream.on('close', () => print('ended', { node: index, key: hex(stream.remotePublicKey) }))
    openEcho(stream, (message, bytes) => message.send(bytes))
  })
  await server.listen(HyperDHT.keyPair(buf(seed)))
  servers.set(hex(server.publicKey), server)
  print('listening', { node: index, publicKey: hex(server.publicKey), relays: server.relayAddresses.map(address) })
}

function connect (node, index, message) {
  const opts = message.seed ? { keyPair: HyperDHT.keyPair(buf(message.seed)) } : {}
  if (message.relayThrough) Object.assign(opts, { fastOpen: false, localConnection: false })
  if (message.relayThrough && message.relayThrough !== 'any') opts.relayThrough = buf(message.relayThrough)
  if (message.reusable) Object.assign(opts, { reusableSocket: true, localConnection: false })
  const stream = node.connect(buf(message.key), opts)
  let done = false
  const finish = (event, fields) => { if (!done) { done = true; print(event, { node: index, ...fields }) } }
  const echo = openEcho(stream, (_, bytes) => {
    finish('echo', { data: hex(bytes), remote: stream.rawStream.remoteHost + ':' + stream.rawStream.remotePort })
    stream.end()
  })
  stream.on('error', (err) => finish('failed', { code: err.code, message: err.message }))
  stream.on('close', () => finish('failed', { code: 'CLOSED' }))
  stream.on('open', () => echo.send(buf(message.data)))
}

async function listenInPool (node, keyPair) {
  pool = node.pool()
  pool.on('connection', (stream) => {
    stream.on('error', () => {})
    stream.on('close', () => print('pool-closed', { key: hex(stream.remotePublicKey) }))
    print('pool-connection', { key: hex(stream.remotePublicKey), isInitiator: stream.isInitiator })
  })
  await node.createServer({ pool }).listen(keyPair)
  print('listening', { publicKey: hex(keyPair.publicKey) })
}

function connectInPool (node, keyPair, key) {
  const existing = pool.get(key)
  const stream = node.connect(key, { pool, keyPair })
  stream.on('error', (err) => print('failed', { code: err.code }))
  print('pooled', { isShared: stream === existing, connections: [...pool.connections].length, connecting: pool.connecting })
}

async function relay (seed) {
  const node = create(true)
  await node.fullyBootstrapped()
  const pairs = new blindRelay.Server({ createStream: (opts) => node.createRawStream({ ...opts, framed: true }) })
  const server = node.createServer({ shareLocalAddress: false }, (stream) => {
    stream.on('error', () => {})
    pairs.accept(stream, { id: stream.remotePublicKey }).on('error', () => {})
  })
  await server.listen(HyperDHT.keyPair(buf(seed)))
  print('relaying', { publicKey: hex(server.publicKey), port: server.address().port })
}

async function lookup (node, index, query) {
  const peers = []
  for await (const reply of query) {
    for (const peer of reply.peers || [reply.peer]) peers.push({ key: hex(peer.publicKey), relays: peer.relayAddresses.map(address), from: address(reply.from) })
  }
  print('peers', { node: index, peers })
}

async function handle (message) {
  const index = message.node || 0
  const node = nodes[index]
  const keyPair = message.seed ? HyperDHT.keyPair(buf(message.seed)) : null
  switch (message.op) {
    case 'listen':
      listen.refused = message.refused
      return listen(node, index, message.seed, message.relayThrough, message.reusable)
    case 'relay': return relay(message.seed)
    case 'pool': return listenInPool(node, keyPair)
    case 'pooled': return connectInPool(node, keyPair, buf(message.key))
    case 'close':
      await servers.get(message.key).close()
      return print('closed', { key: message.key })
    case 'suspend':
    case 'resume':
      await (message.key ? servers.get(message.key) : node)[message.op]()
      return print(message.op === 'suspend' ? 'suspended' : 'resumed', { node: index })
    case 'sockets': return print('sockets', node.stats.socketPool)
    case 'connect': return connect(node, index, message)
    case 'announce':
      await node.announce(buf(message.topic), keyPair, (message.relays || []).map((at) => ({ host: at.split(':')[0], port: Number(at.split(':')[1]) }))).finished()
      return print('announced', { node: index, key: hex(keyPair.publicKey) })
    case 'unannounce':
      await node.unannounce(buf(message.topic), keyPair)
      return print('unannounced', { node: index })
    case 'lookup': return lookup(node, index, node.lookup(buf(message.topic)))
    case 'findPeer': return lookup(node, index, node.findPeer(buf(message.key)))
    case 'putImmutable': return print('put', { hash: hex((await node.immutablePut(buf(message.value))).hash) })
    case 'getImmutable': return print('value', { value: hex((await node.immutableGet(buf(message.hash)) || {}).value) })
    case 'putMutable':
      return print('put', { seq: (await node.mutablePut(keyPair, buf(message.value), { seq: message.seq })).seq })
    case 'getMutable': {
      const found = await node.mutableGet(buf(message.key)) || {}
      return print('value', { value: hex(found.value), seq: found.seq })
    }
  }
}

async function main () {
  for (let i = 0; i < Number(option('count') || 1); i++) {
    const node = create()
    await node.fullyBootstrapped()
    nodes.push(node)
    print('ready', { port: node.io.serverSocket.address().port, id: hex(node.id), ephemeral: node.ephemeral, firewalled: node.firewalled })
  }
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line)
      handle(message).catch((err) => print('failed', { node: message.node, code: err.code, message: err.message }))
    })
    .on('close', () => process.exit(0))
}

main()
