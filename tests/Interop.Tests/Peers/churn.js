'use strict'
// churn.js --bootstrap host:port
// Runs hyperdht nodes that come and go. Each line of stdin is one JSON object {"id":N,"node":NAME,"op":...}; each is answered by one line
// {"id":N,"ok":true,...} or {"id":N,"ok":false,"error":TEXT}:
//   start {seed, persistent}   stop {graceful}   announce {topic}   lookup {topic} -> keys   putImmutable {value} -> hash
//   getImmutable {hash} -> value   putMutable {seq, value}   getMutable {key} -> value, seq   echo {key, bytes} -> ms
// A started node serves its key; connections carry a protomux channel "echo" that returns its messages.
const HyperDHT = require('hyperdht')
const Protomux = require('protomux')
const c = require('compact-encoding')
const crypto = require('crypto')
const readline = require('readline')

const [host, port] = process.argv[process.argv.indexOf('--bootstrap') + 1].split(':')
const MESSAGE = 64 * 1024
const nodes = new Map()
const hex = (bytes) => bytes ? Buffer.from(bytes).toString('hex') : null
const buf = (text) => Buffer.from(text, 'hex')

function openEcho (stream, onmessage) {
  const channel = Protomux.from(stream).createChannel({ protocol: 'echo' })
  const message = channel.addMessage({ encoding: c.raw, onmessage: (bytes) => onmessage(message, bytes) })
  channel.open()
  return message
}

async function start ({ seed, persistent }, name) {
  const dht = new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }], ...(persistent ? { ephemeral: false } : {}) })
  await dht.fullyBootstrapped()
  const keyPair = HyperDHT.keyPair(buf(seed))
  const server = dht.createServer((stream) => {
    stream.on('error', () => {})
    openEcho(stream, (message, bytes) => message.send(bytes))
  })
  await server.listen(keyPair)
  nodes.set(name, { dht, server, keyPair })
  return { key: hex(keyPair.publicKey) }
}

function echo ({ dht, keyPair }, { key, bytes }) {
  return new Promise((resolve, reject) => {
    const started = Date.now()
    const data = crypto.randomBytes(bytes)
    const stream = dht.connect(buf(key), { keyPair })
    let received = 0
    const message = openEcho(stream, (_, part) => {
      if (!part.equals(data.subarray(received, received + part.byteLength))) return stream.destroy(new Error('other bytes came back'))
      received += part.byteLength
      if (received < bytes) return
      stream.end()
      resolve({ ms: Date.now() - started })
    })
    stream.on('error', (err) => reject(new Error(`${err.code}: ${err.message} after ${received} bytes`)))
    stream.on('close', () => reject(new Error(`closed after ${received} bytes`)))
    stream.on('open', () => { for (let at = 0; at < bytes; at += MESSAGE) message.send(data.subarray(at, at + MESSAGE)) })
  })
}

async function lookup ({ dht }, topic) {
  const keys = new Set()
  for await (const reply of dht.lookup(buf(topic))) for (const peer of reply.peers) keys.add(hex(peer.publicKey))
  return { keys: [...keys] }
}

async function perform (message) {
  if (message.op === 'start') return start(message, message.node)
  const node = nodes.get(message.node)
  const { dht, keyPair, server } = node
  switch (message.op) {
    case 'stop':
      nodes.delete(message.node)
      await dht.destroy({ force: !message.graceful })
      return {}
    case 'announce':
      await dht.announce(buf(message.topic), keyPair, server.relayAddresses).finished()
      return {}
    case 'lookup': return lookup(node, message.topic)
    case 'putImmutable': return { hash: hex((await dht.immutablePut(buf(message.value))).hash) }
    case 'getImmutable': return { value: hex((await dht.immutableGet(buf(message.hash)) || {}).value) }
    case 'putMutable':
      await dht.mutablePut(keyPair, buf(message.value), { seq: message.seq })
      return {}
    case 'getMutable': {
      const found = await dht.mutableGet(buf(message.key)) || {}
      return { value: hex(found.value), seq: found.seq }
    }
    case 'echo': return echo(node, message)
  }
  throw new Error('unknown operation ' + message.op)
}

process.on('uncaughtException', (err) => console.log(JSON.stringify({ event: 'uncaught', message: err.stack })))
readline.createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line)
    const answer = (fields) => console.log(JSON.stringify({ id: message.id, ...fields }))
    perform(message).then((fields) => answer({ ok: true, ...fields }), (err) => answer({ ok: false, error: err.message }))
  })
  .on('close', () => process.exit(0))
console.log(JSON.stringify({ event: 'ready' }))
